#!/bin/sh
# Installs the stand-in for Discord beside this file (Node 20 or newer, npm; about 175 MB in node_modules).
set -eu
cd "$(dirname "$0")"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || { echo "Node 20 or newer is needed; this is $(node --version)" >&2; exit 1; }
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
