#!/usr/bin/env bash
# Streams one generation with curl and prints its events as they come.
# usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… curl.sh PROMPT
set -euo pipefail
body=$(python3 -c 'import json, sys; print(json.dumps({"prompt": sys.argv[1], "maxTokens": 100}))' "$1")
exec curl -sN "$RUNNEL_URL/v1/generate/stream" \
  -H "Authorization: Bearer $RUNNEL_KEY" \
  -H 'Content-Type: application/json' \
  -d "$body"
