"""The made listing page of benches/visit/page.rs: some 66 KB, 40 rows of five fields between menus and partners' links."""


def listing(rows: int, first: int) -> bytes:
    """The page whose newest article is number `first`."""
    out = ['<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>能源要闻</title></head><body>']
    for menu in range(150):
        out.append(f'<div class="menu m{menu}"><a href="/column/{menu}/" title="栏目{menu}">栏目{menu}</a></div>')
    out.append('<div class="main"><ul class="rows">')
    lead = "机组安装在离岸三十公里的海面上,每年可发电六千万千瓦时。<b>施工</b>历时两年," * 7
    for row in range(first, max(first - rows, -1), -1):
        out.append(
            f'<li class="row"><div class="pic"><a href="/a/2024/{row}.html"><img src="/blank.gif" data-src="/pic/{row}.jpg" '
            f'alt="图{row}"></a></div><div class="words"><h3><a href="/a/2024/{row}.html">第{row}台海上风电机组并网发电,'
            f'当地用电结构进一步改善</a></h3><p class="lead">{lead}</p><span class="on">2024-03-{1 + row % 28:02} 10:{row % 60:02}</span>'
            '<span class="tags"><a href="/t/1">风电</a><a href="/t/2">并网</a></span></div></li>'
        )
    out.append('</ul></div><div class="foot">')
    for link in range(100):
        out.append(f'<span><a href="https://partner{link}.example/">友情链接{link}</a></span>')
    out.append("</div></body></html>")
    return "".join(out).encode()
