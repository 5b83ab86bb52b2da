from test_discord_bot_rooms import *
async def test_x(house):
    here = await house.term()
    await house.town.fail("POST", "/messages$", drop="after")
    await house.goes(here[0], opens(house, here, "cleo", "dana"), post(here))
    for _later in range(2):
        await house.later(seconds=61)
    for c in await house.town.calls():
        if "messages" in c.path or "threads" in c.path: print(c, c.body, c.response if c.method=="GET" else "")
    for s in await (await house.town.person("cleo")).sees(): print("SEEN", s.id, s.place, s.words)
    assert 0
