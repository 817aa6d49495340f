"""Replies in six languages and more, as programs write them: what the person wrote stays, all of it, and nothing else."""

# ruff: noqa: ISC004 -- letters read best as they come

import pytest

from steward.channels.email.trimming import trim_reply

# Each: a name, the reply as it comes, what its writer wrote.
REPLIES = {
    "en, gmail": (
        "Still slow since lunch.\n\nOn Mon, 2 Mar 2026 at 09:14, Help Desk <help@desk.example> wrote:\n\n> Is it better now?\n>\n> Ada\n",
        "Still slow since lunch.",
    ),
    "en, gmail, wrapped": (
        "Yes, gone.\n\nOn Mon, Mar 2, 2026 at 9:14 AM Help Desk of the Moderation Console\n<help@desk.example> wrote:\n> Is it gone?\n",
        "Yes, gone.",
    ),
    "en, outlook": (
        "Same error.\n\nFrom: Help Desk <help@desk.example>\nSent: Monday, March 2, 2026 9:14 AM\nTo: Mara <mara@console.example>\n"
        "Subject: Re: Export fails [#12]\n\nPlease try again.\n\nAda\n",
        "Same error.",
    ),
    "en, outlook with a rule": (
        "It works.\n\n________________________________\nFrom: Help Desk <help@desk.example>\nSent: 02 March 2026 09:14\n"
        "To: Mara <mara@console.example>\nSubject: RE: Export\n\nFixed.\n",
        "It works.",
    ),
    "en, apple": (
        "Thank you!\n\n> On 2 Mar 2026, at 09:14, Help Desk <help@desk.example> wrote:\n> \n> It is fixed.\n",
        "Thank you!",
    ),
    "en, phone": (
        "Not yet.\n\nSent from my iPhone\n\n> On 2 Mar 2026, at 09:14, Help Desk <help@desk.example> wrote:\n>\n> Fixed?\n",
        "Not yet.",
    ),
    "en, answers between": (
        "On Mon, 2 Mar 2026 at 09:14, Help Desk <help@desk.example> wrote:\n> Which browser?\n\nFirefox 131.\n\n> Which market?\n\nThe second.\n",
        "> Which browser?\n\nFirefox 131.\n\n> Which market?\n\nThe second.",
    ),
    "en, below": (
        "On Mon, 2 Mar 2026 at 09:14, Help Desk <help@desk.example> wrote:\n> Is it better?\n> Ada\n\nNo, the queue is empty again.\n",
        "No, the queue is empty again.",
    ),
    "en, signature": (
        "The log is attached.\n\n-- \nMara Lind\nTrust & Safety, Market 2\n+44 20 7946 0000\n",
        "The log is attached.",
    ),
    "zh, gmail": (
        "还是很慢，午饭后更慢。\n\n帮助台 <help@desk.example> 于2026年3月2日周一 09:14写道：\n\n> 现在好了吗？\n> 艾达\n",
        "还是很慢，午饭后更慢。",
    ),
    "zh, outlook": (
        "同样的错误。\n\n发件人: 帮助台 <help@desk.example>\n发送时间: 2026年3月2日 9:14\n收件人: 玛拉 <mara@console.example>\n主题: 回复: 导出失败\n\n请再试一次。\n",
        "同样的错误。",
    ),
    "zh, qq": (
        '可以了，谢谢！\n\n------------------ 原始邮件 ------------------\n发件人: "帮助台" <help@desk.example>;\n发送时间: 2026年3月2日(星期一) 上午9:14\n'
        '收件人: "玛拉"<mara@console.example>;\n主题: Re: 导出\n\n已经修好。\n',
        "可以了，谢谢！",
    ),
    "zh, phone": ("还没有。\n\n发自我的iPhone\n", "还没有。"),
    "zh, 163": ('还是不行\n\n在 2026-03-02 09:14:05，"帮助台" <help@desk.example> 写道：\n> 请刷新页面。\n', "还是不行"),
    "ja, gmail": (
        "まだ遅いです。\n\n2026年3月2日(月) 9:14 ヘルプデスク <help@desk.example>:\n\n> 今はどうですか？\n",
        "まだ遅いです。",
    ),
    "ja, outlook": (
        "同じエラーです。\n\n差出人: ヘルプデスク <help@desk.example>\n送信日時: 2026年3月2日 9:14\n宛先: マーラ <mara@console.example>\n件名: RE: エクスポート\n\nもう一度お試しください。\n",
        "同じエラーです。",
    ),
    "ja, apple": (
        "直りました。\n\n2026/03/02 9:14、ヘルプデスク <help@desk.example>のメール:\n\n> 直りましたか？\n",
        "直りました。",
    ),
    "de, gmail": (
        "Immer noch langsam, auch nach dem Neuladen.\n\nAm Mo., 2. März 2026 um 09:14 Uhr schrieb Hilfe <help@desk.example>:\n\n> Ist es besser?\n",
        "Immer noch langsam, auch nach dem Neuladen.",
    ),
    "de, outlook": (
        "Derselbe Fehler.\n\nVon: Hilfe <help@desk.example>\nGesendet: Montag, 2. März 2026 09:14\nAn: Mara <mara@console.example>\nBetreff: AW: Export\n\nBitte noch einmal versuchen.\n",
        "Derselbe Fehler.",
    ),
    "de, phone": (
        "Geht wieder.\n\nVon meinem iPhone gesendet\n\n> Am 02.03.2026 um 09:14 schrieb Hilfe <help@desk.example>:\n>\n> Geht es?\n",
        "Geht wieder.",
    ),
    "fr, gmail": (
        "Toujours lent après le rechargement.\n\nLe lun. 2 mars 2026 à 09:14, Assistance <help@desk.example> a écrit :\n\n> Est-ce mieux ?\n",
        "Toujours lent après le rechargement.",
    ),
    "fr, outlook": (
        "La même erreur.\n\nDe : Assistance <help@desk.example>\nEnvoyé : lundi 2 mars 2026 09:14\nÀ : Mara <mara@console.example>\nObjet : RE: Export\n\nMerci de réessayer.\n",
        "La même erreur.",
    ),
    "fr, phone": ("Pas encore.\n\nEnvoyé de mon iPhone\n", "Pas encore."),
    "es, gmail": (
        "Sigue lento desde el mediodía.\n\nEl lun, 2 mar 2026 a las 9:14, Ayuda (<help@desk.example>) escribió:\n\n> ¿Está mejor?\n",
        "Sigue lento desde el mediodía.",
    ),
    "es, outlook": (
        "El mismo error.\n\nDe: Ayuda <help@desk.example>\nEnviado: lunes, 2 de marzo de 2026 9:14\nPara: Mara <mara@console.example>\nAsunto: RE: Exportación\n\nPruebe otra vez.\n",
        "El mismo error.",
    ),
    "pt, gmail": (
        "Ainda lento.\n\nEm seg., 2 de mar. de 2026 às 09:14, Ajuda <help@desk.example> escreveu:\n\n> Melhorou?\n",
        "Ainda lento.",
    ),
    "ru, mail.ru": (
        "Всё ещё медленно.\n\nПонедельник, 2 марта 2026, 9:14 +03:00 от Помощь <help@desk.example>:\n> Стало лучше?\n",
        "Всё ещё медленно.",
    ),
}
# Nothing of these may go: they only look like what programs write.
KEPT_WHOLE = {
    "a list with arrows": "Steps:\n> open the queue\n> press export\n> wait",
    "a quote of a screen": "The page says:\n\n> Something went wrong (E-204)\n\nand then nothing happens.",
    "headers one wrote": "Please add these people:\nFrom: next Monday\nTo: the end of March\nThey need the second market.",
    "code": "I ran this:\n```\n-- \nselect 1;\n> out.txt\n```\nand it hangs.",
    "a rule between paragraphs": "First the export fails.\n\n--\n\nThen, which is worse, the queue is empty?\nCan you look at both?",
    "wrote in a sentence": "On Monday I wrote: the export fails. It still does.",
    "they wrote": "Ada wrote: please reload. I did, and it is the same.",
    "a date in front": "2026-03-02 09:14 ERROR export failed\n2026-03-02 09:15 ERROR export failed",
    "zh, a colon": "我写道：请导出数据。\n结果：失败。",
    "de, a sentence": "Am Montag um 9:14 Uhr ging es noch.\nJetzt nicht mehr.",
    "fr, a sentence": "Le 2 mars 2026 à 09:14, la file était vide.\nElle l'est toujours.",
    "sent from": "The message was sent from my account, but I did not write it.",
    "greater than": "We have > 500 cases and < 3 people.",
}


@pytest.mark.parametrize("name", REPLIES)
def test_what_the_person_wrote_stays_and_nothing_else(name):
    raw, wanted = REPLIES[name]
    trimmed = trim_reply(raw)
    assert trimmed.text == wanted
    assert trim_reply(raw.replace("\n", "\r\n")).text == wanted


@pytest.mark.parametrize("name", KEPT_WHOLE)
def test_what_only_looks_like_a_quote_stays_whole(name):
    assert trim_reply(KEPT_WHOLE[name]).text == KEPT_WHOLE[name]


@pytest.mark.parametrize("name", [*REPLIES, *KEPT_WHOLE])
def test_no_word_is_lost_between_what_is_shown_and_what_is_hidden(name):
    raw = REPLIES[name][0] if name in REPLIES else KEPT_WHOLE[name]
    trimmed = trim_reply(raw)
    assert sorted(f"{trimmed.text}\n{trimmed.hidden}".split()) == sorted(raw.split())


@pytest.mark.parametrize(
    "only",
    ["> Is it better?\n> Ada", "On Mon, 2 Mar 2026 at 09:14, Desk <help@desk.example> wrote:\n> Is it better?", "\n\n> a\n\n"],
)
def test_a_reply_that_only_quotes_is_never_emptied(only):
    assert trim_reply(only).text.strip()
