"""The demo desk: a believable week, written down as data and played through the desk's own actions at past instants."""

PASSWORD = "demo desk, nothing real"  # noqa: S105 -- printed at every start: it opens nothing but the demo
DOMAIN = "demo.example"
SEED = 20_260
# Who may be tried first, by role; everybody of the demo has the same password.
SIGN_INS = (
    ("agent", f"ada@{DOMAIN}"),
    ("agent, night", f"emi@{DOMAIN}"),
    ("lead", f"lin@{DOMAIN}"),
    ("engineer", f"eno@{DOMAIN}"),
    ("reviewer", f"rhea@{DOMAIN}"),
    ("admin", f"ana@{DOMAIN}"),
    ("requester", f"grace@{DOMAIN}"),
)
