"""The words by which mail programs introduce what they quote, in the languages people answer in."""

# ruff: noqa: E501 -- tables of words read best in lines

import re

# Words that say "wrote" in the line above a quote; matched in small letters.
_WROTE = (
    "wrote", "writes", "écrit", "écrivait", "escribió", "escribio", "escreveu", "ha scritto", "schrieb", "schreef", "geschreven",
    "skrev", "kirjoitti", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napsal(a)", "napísal", "написал", "написала",
    "пишет", "написав", "написала", "пише", "írta", "a scris", "yazdı", "έγραψε", "đã viết", "menulis", "namumaz",
    "كتب", "כתב", "כתבה", "ने लिखा",
)  # fmt: skip
# Written without spaces around them.
_WROTE_UNSPACED = ("写道", "寫道", "写到", "のメール", "書きました", "さんは書き", "작성", "썼습니다", "เขียนว่า")
WROTE = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(_WROTE, key=len, reverse=True)))})(?!\w)|{'|'.join(_WROTE_UNSPACED)}",
    re.IGNORECASE,
)
# How the line begins where it begins with the date.
OPENS = re.compile(
    r"(?:On|At|Le|El|Il|Em|Am|Um|Op|Den|Dnia|W dniu|Dne|Dňa|În|La|Ne|Vào|Pada|Στις|Em|В|Am|在|于|於|في|בתאריך|"
    r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|(?:пн|вт|ср|чт|пт|сб|вс|нд),)(?:\s|(?<=[在于於]))",
)
# A year, or a time of the day: what people rarely write and mail programs always do.
DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[:.h]\d\d(?!\d)|[上下]午\s*\d|(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?!\d)"
)
BEGINS_WITH_DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\.?\s\w+\.?\s(?:19|20)\d\d")
ADDRESS = re.compile(r"(?<![^\s<>@\"(),;:])[^\s<>@\"(),;:]+@[^\s<>@\"(),;:]+")
FIRST_PERSON = re.compile(r"\b(?:I|we)\s+wrote\b|\bj'ai écrit|\bich schrieb|\bschrieb ich\b|\bescribí\b|我写道", re.IGNORECASE)
GMT_STYLE = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d\s+\S")
BETWEEN_DASHES = re.compile(r"-{3,}\s*On\s.{5,300}\bwrote\s*-{3,}$")

_ORIGINAL = (
    "original message", "original appointment", "forwarded message", "forwarded by", "begin forwarded message", "message d'origine",
    "message original", "message transféré", "message transmis", "ursprüngliche nachricht", "originalnachricht",
    "original-nachricht", "weitergeleitete nachricht", "mensaje original", "mensaje reenviado", "mensagem original",
    "mensagem encaminhada", "messaggio originale", "messaggio inoltrato", "oorspronkelijk bericht", "doorgestuurd bericht",
    "oprindelig meddelelse", "videresendt meddelelse", "opprinnelig melding", "ursprungligt meddelande", "originalmeddelande",
    "vidarebefordrat meddelande", "alkuperäinen viesti", "välitetty viesti", "wiadomość oryginalna", "oryginalna wiadomość",
    "wiadomość przekazana", "původní zpráva", "исходное сообщение", "пересылаемое сообщение", "оригинальное сообщение",
    "вихідне повідомлення", "orijinal mesaj", "özgün ileti", "eredeti üzenet", "mesaj original", "αρχικό μήνυμα",
    "原始邮件", "原始郵件", "转发邮件", "转发的邮件", "轉寄郵件", "回复的原邮件", "邮件原件", "元のメッセージ", "転送されたメッセージ",
    "원본 메시지", "전달된 메시지", "الرسالة الأصلية", "הודעה מקורית", "thư gốc", "pesan asli",
)  # fmt: skip
_ORIGINALS = "|".join(map(re.escape, _ORIGINAL))
ORIGINAL = re.compile(rf"(?:[-_=—–]{{3,}}\s*(?:{_ORIGINALS}).{{0,60}}|begin forwarded message\s*:?)$", re.IGNORECASE)

# Labels of the header a mail program writes above what it quotes. From, when, to, about, other.
_LABELS = {
    "from": "from von de da van från fra lähettäjä od от від kimden feladó από 发件人 寄件者 寄件人 差出人 보낸사람 من מאת từ dari",
    "when": "sent date gesendet datum envoyé date fecha enviado enviada data inviato verzonden skickat sendt dato lähetetty päivämäärä "
    "data wysłano odesláno отправлено дата надіслано gönderildi tarih küldve dátum 发送时间 日期 時間 时间 寄件日期 送信日時 日付 日時 "
    "보낸날짜 날짜 תאריך نشر تاريخ ngày tanggal",
    "to": "to an à a para per aan till til vastaanottaja do komu кому kime címzett προς 收件人 收件者 宛先 받는사람 إلى אל đến kepada",
    "about": "subject betreff objet asunto assunto oggetto onderwerp ämne emne aihe temat předmět тема konu tárgy θέμα 主题 主旨 標題 "
    "件名 제목 الموضوع נושא chủđề perihal",
    "other": "cc bcc kopie copie reply-to antwortan répondreà responder rispostaa risposta kopia dw копия 抄送 副本 回复 참조 importance "
    "priority attachments anlagen organization list-id message-id",
}
LABELS = {label: role for role, labels in reversed(_LABELS.items()) for label in labels.split()}
LABELLED = re.compile(r"[*_\s]{0,4}([^\W\d_][\w\s-]{0,18}?)\s?[*_]{0,2}\s?[:：]")

_DEVICES = (
    r"iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|nokia|blackberry|htc|pixel|windows phone|windows mail|outlook|mobile|"
    r"smartphone|phone|handy|yahoo|proton\w*|gmail|mailbox|airmail|mail|mobil\w*|tablet|\w*mobiltelefon|k-9 mail|spark|"
    r"телефона?|手机|手機"
)
# What a device adds below a message by itself, as a whole line.
DEVICE_LINE = re.compile(
    r"[<(]{0,2}(?:"
    r"sent (?:from|via|with|by)\s+(?:\S+\s+){0,6}\S+?(?:[.,]\s+(?:please|sorry|excuse).{0,60})?|"
    r"\S+ from mobile|from my (?:iphone|ipad|android|mobile|phone)\b.{0,20}|"
    r"get \[?outlook for .{3,120}|"
    r"envoyé (?:depuis|de|à partir de) .{3,60}|enviado desde .{3,60}|enviado (?:do|via) .{3,60}|inviato da(?:l|lla)? .{3,60}|"
    r"(?:von mein\w+ .{3,50}|gesendet (?:von|mit) .{3,60}|diese nachricht wurde von mein\w+ .{3,80}) ?(?:gesendet\.?)?|"
    r"verzonden (?:met|vanaf|vanuit) .{3,60}|sendt fra .{3,60}|skickat från .{3,60}|lähetetty .{3,60}|wysłane z .{3,60}|"
    r"отправлено (?:с|из) .{3,60}|надіслано (?:з|із) .{3,60}|"
    r"[發发]自我的.{2,30}|從我的.{2,30}傳送|从我的.{2,30}发送|.{2,30}から送信|나의 .{2,30}에서 보냄|iphoneから送信"
    r")[>)]{0,2}$",
    re.IGNORECASE,
)
SURELY_DEVICE = re.compile(rf"\b(?:{_DEVICES})\b", re.IGNORECASE)
# What a person says of how something came, and no device: with a comma in the middle, or so many words.
SENTENCE = re.compile(r"[,;，；]\s?(?!please|sorry|excuse)\S|(?:\S+\s+){8}", re.IGNORECASE)
