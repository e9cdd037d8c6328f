<?php
// The same with DOMDocument and DOMXPath, as `URL=… php -S 127.0.0.1:PORT scripted.php`; RSS by XMLWriter.
$url = getenv('URL');
$page = new DOMDocument();
@$page->loadHTML(file_get_contents($url));
$find = new DOMXPath($page);
$out = new XMLWriter();
$out->openMemory();
$out->startDocument('1.0', 'UTF-8');
$out->startElement('rss');
$out->writeAttribute('version', '2.0');
$out->startElement('channel');
$out->writeElement('title', '能源要闻');
$out->writeElement('link', $url);
$out->writeElement('description', '能源要闻');
foreach ($find->query('//ul[@class="rows"]/li') as $row) {
    $link = $find->query('.//h3/a', $row)[0];
    $out->startElement('item');
    $out->writeElement('title', $link->textContent);
    $out->writeElement('link', rtrim($url, '/') . $link->getAttribute('href'));
    $out->writeElement('guid', $link->getAttribute('href'));
    $out->writeElement('description', $page->saveHTML($find->query('.//p[@class="lead"]', $row)[0]));
    $out->writeElement('pubDate', date(DATE_RSS, strtotime($find->query('.//span[@class="on"]', $row)[0]->textContent)));
    $out->startElement('enclosure');
    $out->writeAttribute('url', $find->query('.//img', $row)[0]->getAttribute('data-src'));
    $out->endElement();
    $out->endElement();
}
$out->endDocument();
header('Content-Type: application/rss+xml');
echo $out->outputMemory();
