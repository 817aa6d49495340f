"""What the generated tickets say: a vocabulary of made-up words, some much more frequent, and sentences in Chinese."""

from dataclasses import dataclass
from random import Random

from steward.core.text import search_words

VOCABULARY = 20_000
# One ticket in five says the common word, one in a hundred the middling one, five tickets of any desk the rare one.
COMMON, MIDDLING, RARE = "console", "hashlist", "quagga"
RARE_IDS = (11, 2_011, 4_011, 6_011, 8_011)
FREQUENT_PAIR, RARER_CHINESE = "审核", "无法登录"
SUBJECTS = ("Queue page is empty", "Item stuck in review", "Appeal is missing", "Button does nothing", "Label not saved",
            "Decision was lost", "Export takes too long", "Cannot sign in", "Filter shows nothing", "Counter is wrong",
            "Video does not play", "Picture is missing", "Translation is wrong", "Policy text is old", "Wrong market shown")  # fmt: skip
CHINESE = (
    "审核队列页面从今天早上开始是空白的，请帮忙查看。",
    "申诉按钮点击后没有反应，无法登录控制台。",
    "审核员反映标签没有保存，刷新后消失。",
    "导出报表一直转圈，等了很久也没有结果。",
    "审核结果没有同步到申诉队列，需要重新提交。",
)


@dataclass(frozen=True)
class Sentence:
    """A sentence and the words under which it is found."""

    text: str
    words: list[str]


def vocabulary() -> list[str]:
    """Make the same words every time, the frequent ones first."""
    random = Random(20261125)
    heads, middles, tails = (
        ["b", "c", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "st", "tr", "pl"],
        ["a", "e", "i", "o", "u", "ai", "or", "an"],
        ["n", "r", "l", "s", "t", "k", "m"],
    )
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found[
            "".join(random.choice(heads) + random.choice(middles) for _ in range(random.randint(2, 3))) + random.choice(tails)
        ] = None
    return list(found)


def chinese() -> list[Sentence]:
    """Give the Chinese sentences with their words."""
    return [Sentence(text, list(dict.fromkeys(search_words(text)))) for text in CHINESE]
