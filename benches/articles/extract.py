"""Reads article pages with trafilatura, one at a time: a line {"url", "html"} in, a line with the seconds of CPU it took out.

The first line out is its version, once it is warm. The parse of the line is not counted, nor is the start.
"""

import json
import sys
import time

import trafilatura


def read(page):
    return trafilatura.bare_extraction(page["html"], url=page["url"], with_metadata=True)


warm = "<html><head><title>A story</title></head><body><article>" + "<p>It is told in words, and in more words.</p>" * 20
read({"url": "https://example.org/2024/05/01/story.html", "html": warm + "</article></body></html>"})
print(trafilatura.__version__, flush=True)
for line in sys.stdin:
    page = json.loads(line)
    start = time.process_time()
    try:
        read(page)
    except Exception:  # noqa: BLE001 a page that it cannot read took its time too
        pass
    print(time.process_time() - start, flush=True)
