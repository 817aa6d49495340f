"""What a page of the company loads with the widget, all in all."""

import gzip

from steward.web.widget.script import whole_script

MOST_BYTES = 15_000


def test_script_styles_and_words_weigh_less_than_15_kb():
    script, _tag = whole_script()
    assert len(gzip.compress(script.encode(), compresslevel=9)) < MOST_BYTES
