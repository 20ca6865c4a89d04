#!/usr/bin/env bash
# Streams one text with curl and prints its events as they arrive. Ctrl-C cancels. Exits with 0 only if the text is
# complete: after an error, or if the stream was cut, there is no [DONE].
#
# usage: RUNNEL_URL=http://127.0.0.1:8080 RUNNEL_KEY=… [RUNNEL_MODEL=…] curl.sh PROMPT
set -euo pipefail
request='import json, os, sys
print(json.dumps({"model": os.environ.get("RUNNEL_MODEL"), "prompt": sys.argv[1], "maxTokens": 500}))'

curl -sSN --fail-with-body "$RUNNEL_URL/v1/generate/stream" \
  -H "Authorization: Bearer $RUNNEL_KEY" \
  -H 'Content-Type: application/json' \
  -d "$(python3 -c "$request" "$1")" |
  {
    status=1
    while IFS= read -r line; do
      printf '%s\n' "$line"
      [[ $line != 'data: [DONE]' ]] || status=0
    done
    exit "$status"
  }
