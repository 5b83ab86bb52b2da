"""Goals, actions and check-ins: private by default, four neutral answers, no score."""
