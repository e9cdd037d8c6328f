#!/usr/bin/env bash
# A site of one column for a connection on standard input: it writes down what it was asked and answers with a list.
while IFS= read -r line; do
  line=${line%$'\r'}
  [ -n "$line" ] || break
  echo "$line" >>/run/asked
done
body='<ul><li><span>2021-12-29 10:07:53</span><a href="/1.html">迎峰度冬</a></li><li><a href="/2.html">电网建设</a></li></ul>'
printf 'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
  "$(printf %s "$body" | wc -c)" "$body"
