"""Quotation marks: tables of (text, expected).

An expected entry is the content of one span, in order of start; `> ` stands before it once for each level of depth, and
` [open]` after it where no closing mark was found.
"""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.normalize import find_paragraphs
from quotes.quotations import MAX_DEPTH, find_quotations, keep_own_style
from quotes.records import CharSpan, MarkedSpan

Table = list[tuple[str, list[str]]]


def show(text: str) -> list[str]:
    spans, _ = find_quotations(text)
    return [
        "> " * span.depth + text[span.content.start : span.content.end] + ("" if span.closed else " [open]")
        for span in spans
    ]


DOUBLE: Table = [
    ("No marks at all.", []),
    ("", []),
    ('"We are open," said the baker.', ["We are open,"]),
    ('He called it "a farce" and "a shame".', ["a farce", "a shame"]),
    ("“We are open,” said the baker. “Come in.”", ["We are open,", "Come in."]),
    ("“We are open,” she said, “and warm”.", ["We are open,", "and warm"]),
    ('"Yes." "No." "Maybe."', ["Yes.", "No.", "Maybe."]),
    ('"Yes.""No."', ["Yes.", "No."]),
    ("“Yes.”“No.”", ["Yes.", "No."]),
    ('"Oh!" "Ah?" “Hm…” "So..."', ["Oh!", "Ah?", "Hm…", "So..."]),
    ('"...and then," he said. “…we left.”', ["...and then,", "…we left."]),
    ('I said "yes" — she said "no"; they said "maybe": all lost.', ["yes", "no", "maybe"]),
    ('She paused—"not again"—and left.', ["not again"]),
    ('She paused -- "not again" -- and left.', ["not again"]),
    ("“I was—” he began. “Well, —”", ["I was—", "Well, —"]),
    ('"What?"—"Nothing."', ["What?", "Nothing."]),
    ('The band ("the best") played [“so loud”] here.', ["the best", "so loud"]),
    ("He wrote “(sic)” and “[sic]” and (“x”).", ["(sic)", "[sic]", "x"]),
    ('"I"/"we" and "he"-"she".', ["I", "we", "he", "she"]),
    ('He was pre-"war" and post-"peace".', ["war", "peace"]),
    ('He said:“No.” Then said:"Yes."', ["No.", "Yes."]),
    ('*"Yes,"* he said. _"No"_ <b>"Maybe"</b>', ["Yes,", "No", "Maybe"]),
    ('> "Yes," he said.', ["Yes,"]),
    ('- "Yes," he said.', ["Yes,"]),
    ('He said " hello there " and left.', ["hello there"]),
    ("He said “\u00a0hello\u2009” and left.", ["hello"]),
    ("＂Yes,＂ he said.", ["Yes,"]),
    ('"$5," he said. "£3?"', ["$5,", "£3?"]),
    ('"Yes,"\tsaid Ann.', ["Yes,"]),
]

EMPTY: Table = [
    ('Empty "" marks and " " and “” here.', []),
    ("An empty '' and ‘’ and «» and 「」.", []),
    ("He said “ ", []),
    ('"', []),
    ("'", []),
    ("”", []),
    ("""" ' ' \"""", ["' '"]),
]

SINGLE: Table = [
    ("'We are open,' said the baker. 'Come in.'", ["We are open,", "Come in."]),
    ("‘We are open,’ said the baker. ‘Come in.’", ["We are open,", "Come in."]),
    ("'We are open', said the baker, 'and warm'.", ["We are open", "and warm"]),
    ("'I don't know,' she said. 'It's late.'", ["I don't know,", "It's late."]),
    ("‘I don’t know,’ she said. ‘It’s late.’", ["I don’t know,", "It’s late."]),
    ("'It's the players' union that can't decide,' he said.", ["It's the players' union that can't decide,"]),
    ("‘It’s the players’ union that can’t decide,’ he said.", ["It’s the players’ union that can’t decide,"]),
    ("'The workers' union left' was the headline. 'Sad,' he said.", ["The workers' union left", "Sad,"]),
    ("'How long?' 'Two years'. 'Gone'.", ["How long?", "Two years", "Gone"]),
    ("She said 'no'. He said 'yes'. 'Whose?' 'The dogs'.'", ["no", "yes", "Whose?", "The dogs'."]),
    ("‘He’s at the Joneses’,’ she said. ‘Look.’", ["He’s at the Joneses’,", "Look."]),
    ("'We'll get 'em,' he said. 'Now.'", ["We'll get 'em,", "Now."]),
    ("‘We’ll get ’em,’ he said. ‘Now.’", ["We’ll get ’em,", "Now."]),
    ("'Get 'em out of the players' room,' he said.", ["Get 'em out of the players' room,"]),
    ("'We'll see,' he said. ''Tis only a game.'", ["We'll see,", "'Tis only a game."]),
    ("‘We’ll see,’ he said. ‘’Tis only a game.’", ["We’ll see,", "’Tis only a game."]),
    ("'Til then we wait,' he said. 'Go now,' she said. 'Yes.'", ["Til then we wait,", "Go now,", "Yes."]),
    ("'Cause I'm tired,' he said. 'Really.' 'Yes.'", ["Cause I'm tired,", "Really.", "Yes."]),
    ("'In the '90s we sang,' she said. 'Now it's tea.'", ["In the '90s we sang,", "Now it's tea."]),
    ("'It's rock 'n' roll and tea,' she said. 'Bye.'", ["It's rock 'n' roll and tea,", "Bye."]),
    ("Rock ’n’ roll, fish ’n’ chips: ‘the best’, he said.", ["the best"]),
    ("He said: 'We're goin' home, lads.' Then he left.", ["We're goin' home, lads."]),
    ("'Goin' fishin',' he said. 'Nothin' more.'", ["Goin' fishin',", "Nothin' more."]),
    ("‘90s music was ‘dire’, he said. ‘Quite awful,’ she said.", ["dire", "Quite awful,"]),
    ("Mr O’Neill’s ‘big day’ was the 1990s’ best; ’twas ‘fine’, he said.", ["big day", "fine"]),
    ("The boys’ club’s ‘quiet room’ and the girls’ one are ‘shut’.", ["quiet room", "shut"]),
    ("It was 'dead on arrival' — 'a joke' – 'rubbish', they said.", ["dead on arrival", "a joke", "rubbish"]),
    ("Prices' rise and wages' fall: it's 'the cycle'. 'Always,' he said.", ["the cycle", "Always,"]),
    ("'ferrets', he wrote, 'only less well fed.' The 'boss' said no.", ["ferrets", "only less well fed.", "boss"]),
    ("The word 'don't' isn't 'can't'. 'Won't' is.", ["don't", "can't", "Won't"]),
    ("'D', 'E' and 'S'.", ["D", "E", "S"]),
    ("'Ndrangheta men were held. 'They slept,' said police. 'All.'", ["They slept,", "All."]),
    ("Ya'll, o'er, ne'er. 'Yes, ma'am,' he said. 'Ma'am?'", ["Yes, ma'am,", "Ma'am?"]),
    ("‘Yes.’\n‘No.’\n‘Maybe.’ he said.", ["Yes.", "No.", "Maybe."]),
    ("＇Yes,＇ he said.", ["Yes,"]),
]

NO_QUOTATION: Table = [
    ("Don't. Can't. Won't. It's.", []),
    ("The players' and the coaches' union met. Farmers' wives agreed.", []),
    ("The players’ and the coaches’ union met. Farmers’ wives agreed.", []),
    ("The Qur'an of 'Abd al-Rahman and Hawai'i's ʻohana and al-'Abadi.", []),
    ("The Qurʾān of ʿAbd al-Raḥmān and O‘ahu and Ra's al-Khaimah.", []),
    ("Get 'em while they last; in the '90s 'twas rock 'n' roll.", []),
    ("The U.S.'s plan, the D.C.' mess and the BBC 's news.", []),
    ("Use `make check` and then `make test` to try.", []),
    ("He is 6'2\" tall and 5' 11\" in socks, or 5’11” or 6′2″.", []),
    ("A 12\" record, a 3/4\" bolt and a 12\"x14\" frame.", []),
    ("The wreck lies at 40°26'46\"N 79°58'56\"W.", []),
    ("The ship lies at 51° 30' 26\" N.", []),
]

DOUBLE_WITH_APOSTROPHES: Table = [
    ("The players' room was shut, \"and so was ours,\" said Bob. The coaches' was not.", ["and so was ours,"]),
    ("Get 'em now, \"he said,\" in the '90s. It's rock 'n' roll.", ["he said,"]),
    ("\"No,\" she said, 'cause she's tired of the kids' toys.", ["No,"]),
    ("\"It's 5 o'clock,\" said the '60s star's agent.", ["It's 5 o'clock,"]),
    ("\"He's at the Joneses' house,\" she said.", ["He's at the Joneses' house,"]),
    ("\"He's at the Joneses'\" was all she said.", ["He's at the Joneses'"]),
    ("\"'Tis a pity,\" he said. \"'Em lot.\"", ["'Tis a pity,", "'Em lot."]),
    ("“’Tis a pity,” he said.", ["’Tis a pity,"]),
    ("The ‘90s were “good,” and so were the ’80s.", ["good,"]),
    ("She sang ‘em “songs” in the ‘60s.", ["songs"]),
    ("\"Hamlet\"'s author and \"Emma\"’s too.", ["Hamlet", "Emma"]),
    ("O'Brien met D'Angelo and Ra's al-Ghul. \"Fine,\" he said.", ["Fine,"]),
    ("D‘Angelo and O‘Brien met; \"good,\" they said.", ["good,"]),
    ("He spoke of goin' fishin' an' \"nothin' more\".", ["nothin' more"]),
]

SINGLE_BESIDE_DOUBLE: Table = [
    ("\"I sleep well,\" she said. The 'quick fix' was gone.", ["I sleep well,", "quick fix"]),
    ("\"I sleep,\" she said. The 'ghost cargoes' were gone, and the crews' pay.", ["I sleep,", "ghost cargoes"]),
    ("\"Go,\" he said; 'stay,' she said; \"come.\"", ["Go,", "stay,", "come."]),
    ("The company (‘Acme’) said “no”.", ["Acme", "no"]),
    ("“One.” ‘Two.’ «Three.» „Four.“ \"Five.\"", ["One.", "Two.", "Three.", "Four.", "Five."]),
    ("Ann 'not losing sleep'\n\n\"I sleep,\" she said. The players' union agreed.", ["not losing sleep", "I sleep,"]),
    ("Ann ‘glad’ and ‘sad’ at once\n\n“I sleep,” she said.", ["glad", "sad", "I sleep,"]),
    ("Boys' and girls' schools\n\n\"It's the boys' turn,\" he said.", ["It's the boys' turn,"]),
]

MEASURES: Table = [
    ("He is 6'2\" tall and said \"hello there\" to me.", ["hello there"]),
    ("He is 6' 2\" tall, 5' 11\" in socks, \"and proud,\" he said.", ["and proud,"]),
    ("He is 5’11” tall and said “hello” twice.", ["hello"]),
    ("The 27\" screen and the 32\" one cost more. He said \"wow\".", ["wow"]),
    ("\"A 12\" record is nice,\" he said.", ["A 12\" record is nice,"]),
    ("“A 6'2\" man,” he said, “and a 5'9\" one.”", ["A 6'2\" man,", "and a 5'9\" one."]),
    ("\"He is 6'2\",\" she said. \"Huge.\"", ["He is 6'2\",", "Huge."]),
    ("12\" x 14\" frames, \"nice ones,\" he said.", ["nice ones,"]),
    ("\"We won in 2012\" was the slogan, \"again in 2016\".", ["We won in 2012", "again in 2016"]),
    ("“We won in 2012” was the slogan, “again in 2016”.", ["We won in 2012", "again in 2016"]),
    ("'We won in 2012' was the slogan. 'Again,' he said.", ["We won in 2012", "Again,"]),
    ("The wreck lies at 40°26'46\"N, \"far out,\" he said.", ["far out,"]),
]

OTHER_MARKS: Table = [
    ("«We are open,» said the baker.", ["We are open,"]),
    ("Il a dit : «\u00a0Oui.\u00a0» Puis «\u202fnon\u202f».", ["Oui.", "non"]),
    ("« Oui », dit-il. L’« affaire » est close.", ["Oui", "affaire"]),
    ("»Wir gehen«, sagte sie. »Nie wieder.«", ["Wir gehen", "Nie wieder."]),
    ("»Vi går», sade hon.", ["Vi går"]),
    ("Er sagte: ›Nein.‹ Dann ging er.", ["Nein."]),
    ("‹Non›, dit-il.", ["Non"]),
    ("„Wir gehen“, sagte sie. „Nie wieder.“", ["Wir gehen", "Nie wieder."]),
    ("„Idziemy”, powiedziała.", ["Idziemy"]),
    ("„We go\", he said.", ["We go"]),
    ("‚Wir gehen‘, sagte sie. ‚Nie.‘", ["Wir gehen", "Nie."]),
    ("”Vi går”, sade hon. ”Nu.”", ["Vi går", "Nu."]),
    ("``We are open,'' said the baker. ``Come in.''", ["We are open,", "Come in."]),
    ("``We are open,\" said the baker. ``Come in.\"", ["We are open,", "Come in."]),
    ("``I can't wait for the players' bus,'' he said.", ["I can't wait for the players' bus,"]),
    ("''We are open,'' said the baker. ''Come in.''", ["We are open,", "Come in."]),
    ("''It was the Joneses'' he said. ''Yes.''", ["It was the Joneses", "Yes."]),
    ("‘‘We are open,’’ said the baker. ‘‘Come in.’’", ["We are open,", "Come in."]),
    ("`We are open,' said the baker. `Come in.'", ["We are open,", "Come in."]),
    ("「はい」と彼は言った。『いいえ』", ["はい", "いいえ"]),
    ("他说：“好。”然后走了。", ["好。"]),
]

NESTED: Table = [
    ("“He said ‘no’ to me,” she said.", ["He said ‘no’ to me,", "> no"]),
    ("\"He said 'no' to me,\" she said.", ["He said 'no' to me,", "> no"]),
    ("'He said \"no\" to me,' she said.", ['He said "no" to me,', "> no"]),
    ("‘He said “no” to me,’ she said.", ["He said “no” to me,", "> no"]),
    ("\"He said \"no\" to me,\" she said.", ['He said "no" to me,', "> no"]),
    ("“He said “no” to me,” she said.", ["He said “no” to me,", "> no"]),
    (
        "“He said ‘they cried “stop” twice’ and left,” she said.",
        ["He said ‘they cried “stop” twice’ and left,", "> they cried “stop” twice", "> > stop"],
    ),
    (
        "\"He said 'they cried \"stop\" twice' and left,\" she said.",
        ["He said 'they cried \"stop\" twice' and left,", '> they cried "stop" twice', "> > stop"],
    ),
    ("\"She told me, 'Go.'\"", ["She told me, 'Go.'", "> Go."]),
    ("“She told me, ‘Go.’”", ["She told me, ‘Go.’", "> Go."]),
    ("‘They say, “So we’re on now.”’ He left. ‘Yes.’", ["They say, “So we’re on now.”", "> So we’re on now.", "Yes."]),
    ("'He said \"yes.\"' That was it. 'And so.'", ['He said "yes."', "> yes.", "And so."]),
    ("“‘No,’ he said, and I left,” she added.", ["‘No,’ he said, and I left,", "> No,"]),
    ("\"'No,' he said, and I left,\" she added.", ["'No,' he said, and I left,", "> No,"]),
    ("'\"No,\" he said, and I left,' she added. 'Yes.'", ['"No," he said, and I left,', "> No,", "Yes."]),
    ("“He asked, ‘Why?’ and I said, ‘Because.’”", ["He asked, ‘Why?’ and I said, ‘Because.’", "> Why?", "> Because."]),
    ("“The ‘players’ of the players’ union don’t.”", ["The ‘players’ of the players’ union don’t.", "> players"]),
    ("«Il a dit “non” et «oui».»", ["Il a dit “non” et «oui».", "> non", "> oui"]),
    ("„Er sagte ‚nein‘ zu mir“, sagte sie.", ["Er sagte ‚nein‘ zu mir", "> nein"]),
    ("»Er sagte ›nein‹ zu mir«, sagte sie.", ["Er sagte ›nein‹ zu mir", "> nein"]),
    ("「彼は『はい』と言った」", ["彼は『はい』と言った", "> はい"]),
    ("``He said `no' to me,'' she said.", ["He said `no' to me,", "> no"]),
    ("``He said `never.'''", ["He said `never.'", "> never."]),
    ("'''No' is what he said,'' she recalled. ''Yes.''", ["'No' is what he said,", "> No", "Yes."]),
    ('""doubled"" marks', ['"doubled"', "> doubled"]),
]

UNBALANCED: Table = [
    ('"I never left, he said. Nobody knew.', ["I never left, he said. Nobody knew. [open]"]),
    ("“I never left, he said.\nNobody knew. “Really,” she said.", ["I never left, he said. [open]", "Really,"]),
    ('"We have... "We will go," he said.', ["We have... [open]", "We will go,"]),
    ("«We go, he said. Nobody knew.", ["We go, he said. Nobody knew. [open]"]),
    ("``We go, he said.", ["We go, he said. [open]"]),
    ("'Yes,' he said. 'No,' she said. 'We go, they said.", ["Yes,", "No,", "We go, they said. [open]"]),
    ('We go," he said. "Fine."', ["Fine."]),
    ("We go,” he said. “Fine.”", ["Fine."]),
    ('"Yes," he said. No." He left. "Fine."', ["Yes,", "Fine."]),
    ("“He said (‘no to me,” she said.", ["He said (‘no to me,"]),
    ("‘He said “no to me,’ she said. ‘Yes.’", ["He said “no to me,", "> no to me, [open]", "Yes."]),
]

WRONG_WAY: Table = [
    ("”We are open,” said the baker. ”Come in.”", ["We are open,", "Come in."]),
    ("“We are open,“ said the baker. “Come in.“", ["We are open,", "Come in."]),
    ("”We are open,“ said the baker. ”Come in.“", ["We are open,", "Come in."]),
    ("He said ”no“ and ”yes“.", ["no", "yes"]),
    ("“We are open,\" said the baker. \"Come in.”", ["We are open,", "Come in."]),
    ('"Yes,"he said."No."', ["Yes,", "No."]),
    ('"Yes, "he said, "no."', ["Yes,", "no."]),
    ("“Yes,”she said.“No.”", ["Yes,", "No."]),
    ('He said"no"and left. "Ok."', ["no", "Ok."]),
    ("He said “we go.' She said “we stay.”", ["we go.", "we stay."]),
    ("'We go,\" he said. 'We stay,' she said. 'We wait.'", ["We go,", "We stay,", "We wait."]),
]

ACROSS_PARAGRAPHS: Table = [
    ("“One.\n\n“Two.\n\n“Three,” he said.", ["One. [open]", "Two. [open]", "Three,"]),
    ('"One.\n\n"Two," he said.', ["One. [open]", "Two,"]),
    ("'One.\n\n'Two,' he said. 'It's done.'", ["One. [open]", "Two,", "It's done."]),
    ("‘It’s one.\n\n‘Two,’ he said.", ["It’s one. [open]", "Two,"]),
    ("«One.\n\n«Two.»\n\nHe left.", ["One. [open]", "Two."]),
    ("«One.\n\n»Two.»\n\nHe left.", ["One. [open]", "Two."]),
    ("``One.\n\n``Two,'' he said.", ["One. [open]", "Two,"]),
    ("“One ‘big’ day.\n\n“Two,” he said.", ["One ‘big’ day. [open]", "> big", "Two,"]),
    ("“He said ‘go.\n\n“‘And stay,’” she said.", ["He said ‘go. [open]", "‘And stay,’", "> And stay,"]),
    ("‘The players’ bus left.\n\n‘We ran,’ he said. ‘Far.’", ["The players’ bus left. [open]", "We ran,", "Far."]),
    ("Her show ‘Sums for Adults’ checks bills.\n\n‘We add,’ she said.", ["Sums for Adults", "We add,"]),
    ("The ‘rebels’ met.\n\n‘We ran,’ he said.", ["rebels", "We ran,"]),
    ("He saw ‘rebels’ boats and ‘more’.\n\n‘We ran,’ he said.", ["rebels", "more", "We ran,"]),
]

# Marks that might be the apostrophe of a year, or stand apart from what they close.
ODD_PLACES = [
    ("Taking ‘54 times more money’, he said, was ‘odd’.", ["54 times more money", "odd"]),
    ("He paid ‘54 times more’ than that. ‘Odd,’ he said.", ["54 times more", "Odd,"]),
    ("He is '99.9' percent sure. 'Quite sure,' he said.", ["99.9", "Quite sure,"]),
    ("The '90s are over. 'Quite over,' he said.", ["Quite over,"]),
    ("'She told us, \"Go home,\" ' he said. 'We went.'", ['She told us, "Go home,"', "> Go home,", "We went."]),
    ("'We went,' he said. The workers ' union 'stayed'.", ["We went,", "stayed"]),
    ("He went on: ”. . . and then it fell.“", [". . . and then it fell."]),
]

TABLES = {name: value for name, value in globals().items() if name.isupper() and isinstance(value, list)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [pytest.param(*row, id=f"{name.lower()}-{i}") for name, table in TABLES.items() for i, row in enumerate(table)],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert show(text) == expected


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        (
            "'The players' union is 'in talks' today,' he said. 'Go.'",
            ["The players' union is 'in talks' today,", "> in talks", "Go."],
            "straight single marks within straight single marks, beside a possessive",
        ),
        ("'Yes,' he said. The 'states' rights' crowd.", ["Yes,", "states' rights"], "no sign tells which s' closes"),
        ('"He is 6\'2"" she said. "Huge."', ["He is 6'2\"", "Huge."], "an inch mark right before the closing mark"),
        ("“He said ”no” to me,” she said.", ["He said ”no” to me,", "> no"], "a wrong-way mark within its own kind"),
        ("« Oui » dit-il, » non «.", ["Oui", "non"], "spaced guillemets whose direction changes"),
        ("'It's 'ammered 'im,' he said. 'Yes.'", ["It's 'ammered 'im,", "Yes."], "a dropped h that no list has"),
    ],
)
def test_known_failures(text: str, expected: list[str], reason: str, request: pytest.FixtureRequest) -> None:
    request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    assert show(text) == expected


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ('"Yes," he said.', "double"),
        ("”Yes,” he said.", "double"),
        ("'Yes,' he said.", "single"),
        ("‘Yes,’ he said.", "single"),
        ("»Ja«, sagte er.", "guillemets"),
        ("›Ja‹, sagte er.", "single-guillemets"),
        ("„Ja“, sagte er.", "low-high"),
        ("‚Ja‘, sagte er.", "single-low-high"),
        ("``Yes,'' he said.", "backticks"),
        ("`Yes,' he said.", "backticks"),
        ("''Yes,'' he said.", "primes"),
        ("『はい』", "brackets"),
    ],
)
def test_style_names_the_marks(text: str, style: str) -> None:
    (span,), _ = find_quotations(text)
    assert span.style == style


def test_span_has_the_marks_and_content_has_not() -> None:
    text = "He said: «\u00a0Oui.\u00a0»"
    (span,), warnings = find_quotations(text)
    assert text[span.span.start : span.span.end] == "«\u00a0Oui.\u00a0»"
    assert text[span.content.start : span.content.end] == "Oui."
    assert warnings == []


HEADLINES = [
    ("Minister 'not losing sleep' over audit\n\n“I sleep,” she said. “I do.”", ["not losing sleep", "I sleep,", "I do."]),
    # a full stop makes it a paragraph of text
    ("He saw the 'ghost' of it.\n\n“One,” he said. “Two.” “Three.” “Four.”", ["One,", "Two.", "Three.", "Four."]),
    ("It fell\n\n“One,” he said. “Two.” “Three.”\n\n'Four'\n\n“Five.”", ["One,", "Two.", "Three.", "Five."]),
    ("It fell\n\n“One,” he said. “Two.”\n\n'Three,' he said.", ["One,", "Two.", "Three,"]),
    ("'One,' he said.", ["One,"]),
]


@pytest.mark.parametrize(("text", "expected"), HEADLINES)
def test_own_style_and_headlines_of_another(text: str, expected: list[str]) -> None:
    kept = keep_own_style(find_quotations(text)[0])
    assert [text[s.content.start : s.content.end] for s in kept] == expected


def test_outer_comes_before_inner_of_the_same_start() -> None:
    spans, _ = find_quotations("‘“No,” he said, “no,”’ she said. ‘Yes.’")
    assert [(span.span.start, span.depth) for span in spans] == [(0, 0), (1, 1), (16, 1), (33, 0)]


def test_paragraph_opened_anew_continues_the_one_before() -> None:
    spans, warnings = find_quotations("“One,” he said. “Two.\n\n“Three.\n\n“Four,” he said. “Five.”")
    assert [(s.paragraph, s.closed, s.continues) for s in spans] == [
        (0, True, None),
        (0, False, None),
        (1, False, 1),
        (2, True, 2),
        (2, True, None),
    ]
    assert warnings == []


def test_closed_paragraph_is_not_continued() -> None:
    spans, _ = find_quotations("“One,” he said.\n\n“Two,” she said.")
    assert [span.continues for span in spans] == [None, None]


def test_paragraph_that_ends_closed_has_a_forgotten_mark_not_a_continuation() -> None:
    spans, warnings = find_quotations("“One, he said. “Two.”\n\n“Three,” he said.")
    assert [(s.closed, s.continues) for s in spans] == [(False, None), (True, None), (True, None)]
    assert warnings == ["paragraph 1: unbalanced quotation mark “"]


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        ("One.\n\n“Two, he said.\n\nThree.", ["paragraph 2: unbalanced quotation mark “"]),
        ('One," he said.', ['paragraph 1: unbalanced quotation mark "']),
        ("“One.\n\nHe paused. “Two,” he said.", ["paragraph 1: unbalanced quotation mark “"]),
        ("« One.\n\n‹ Two.", ["paragraph 1: unbalanced quotation mark «", "paragraph 2: unbalanced quotation mark ‹"]),
        ("‘Yes,’ he said. ‘No.’\n\nMaybe,’ she said.", ["paragraph 2: unbalanced quotation mark ’"]),
        ("The players' bus. \"Yes.\" The '90s. A 12\" record.", []),
        ('"a ' * 500, ['paragraph 1: unbalanced quotation mark "']),
    ],
)
def test_warnings_name_paragraph_and_mark(text: str, warnings: list[str]) -> None:
    assert find_quotations(text)[1] == warnings


def test_one_bad_mark_costs_at_most_its_paragraph() -> None:
    good = ["“We went,” said Ann.", "‘Never,’ said Bo, “not ever”.", "“‘Go,’ she told me,” he said."]
    for bad in "\"“”‘’'«»„`「":
        alone = [show(paragraph) for paragraph in good]
        text = "\n\n".join([good[0], f"Then {bad}he left the house.", *good[1:]])
        found, _ = find_quotations(text)
        for number, expected in zip((0, 2, 3), alone, strict=True):
            contents = [text[s.content.start : s.content.end] for s in found if s.paragraph == number]
            assert contents == [entry.lstrip("> ") for entry in expected], bad


def test_given_paragraphs_are_kept_to() -> None:
    text = "“One two three.”"
    spans, _ = find_quotations(text, [CharSpan(0, 8), CharSpan(9, len(text))])
    assert [(s.span, s.closed) for s in spans] == [(CharSpan(0, 8), False)]


# Whole articles -----------------------------------------------------------------------------------------------------

AMERICAN = """Council 'in no hurry' to fix the bridge

ELM FORK, Ohio - The Mill Street bridge will stay shut until spring, the city said Tuesday, and the shopkeepers' guild
isn't happy.

"We have lost two winters," said Dale O'Keefe, whose father ran the '50s diner at No. 5. "They told us, 'Wait.' We
waited.

"Now they say it's the engineers' fault."

City engineer Rosa Diaz said a 12" crack and a 6'4" gap had been found. "It's what we call a 'sleeper,'" Diaz said.
"""

BRITISH = """Bakers 'bewildered' by bus lane

Traders in Hexley's high street, where the baker's, the butcher's and the Joneses' shop stand in a row, said they'd been
'treated like litter'.

'It's the drivers' convenience that counts,' said Maud Perrin, 61. 'He looked at me and said, "Move." I've been here
since the '80s.

'I don't move,' she added.

The council's leader, Cllr O'Dowd, said traders' concerns were 'heard, noted and filed'. Two days' notice was given.
"""

GERMAN_STYLE = """„Wir bleiben“, sagte Anna Holt. „Er fragte: ‚Warum?‘ Ich schwieg.“

Der Rat sprach von einer »Lage«, die »niemand« wollte.
"""


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        (
            AMERICAN,
            [
                "in no hurry",
                "We have lost two winters,",
                "They told us, 'Wait.' We\nwaited. [open]",
                "> Wait.",
                "Now they say it's the engineers' fault.",
                "It's what we call a 'sleeper,'",
                "> sleeper,",
            ],
        ),
        (
            BRITISH,
            [
                "bewildered",
                "treated like litter",
                "It's the drivers' convenience that counts,",
                'He looked at me and said, "Move." I\'ve been here\nsince the \'80s. [open]',
                "> Move.",
                "I don't move,",
                "heard, noted and filed",
            ],
        ),
        (GERMAN_STYLE, ["Wir bleiben", "Er fragte: ‚Warum?‘ Ich schwieg.", "> Warum?", "Lage", "niemand"]),
    ],
    ids=["american", "british", "german"],
)
def test_article(article: str, expected: list[str]) -> None:
    assert show(article) == expected
    assert find_quotations(article)[1] == []


def _curly_doubles(text: str) -> str:
    parts = text.split('"')
    return "".join(part + ("" if i == len(parts) - 1 else "“”"[i % 2]) for i, part in enumerate(parts))


@pytest.mark.parametrize(
    "change",
    [
        _curly_doubles,
        lambda text: text.replace("\n\n", "\r\n\r\n"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace(' "', " ``").replace('"', "''"),
        lambda text: "\ufeff" + text,
    ],
)
def test_the_same_words_are_found_in_other_dress(change: Callable[[str], str]) -> None:
    text = 'Rain falls.\n\nShe said "it rains" twice. "It pours," said the players\' coach, "and I don\'t mind."'
    assert show(change(text)) == ["it rains", "It pours,", "and I don't mind."]


# Any text -----------------------------------------------------------------------------------------------------------

MARKS = "\"'“”„‟‘’‚‛«»‹›`´「」『』＂＇〝〞〟"
MARK_HEAVY = st.text(alphabet=st.sampled_from(MARKS + "aAs1 .,-—\n\r\u2028\u00a0"), max_size=80)


def check(text: str, spans: list[MarkedSpan]) -> None:
    paragraphs = find_paragraphs(text)
    around: list[MarkedSpan] = []
    for index, span in enumerate(spans):
        assert paragraphs[span.paragraph].contains(span.span)
        assert span.span.contains(span.content)
        content = text[span.content.start : span.content.end]
        assert content and content == content.strip()
        assert text[span.span.start] in MARKS
        assert not span.closed or text[span.span.end - 1] in MARKS
        if index:
            before = spans[index - 1].span
            assert before.start < span.span.start
        while around and around[-1].span.end <= span.span.start:
            around.pop()
        assert span.depth == len(around)
        assert not around or around[-1].content.contains(span.span)
        around.append(span)
        if span.continues is not None:
            before_span = spans[span.continues]
            assert not before_span.closed and before_span.paragraph == span.paragraph - 1


@given(st.one_of(MARK_HEAVY, st.text(max_size=60)))
def test_any_text_gives_spans_that_slice_and_nest(text: str) -> None:
    spans, warnings = find_quotations(text)
    check(text, spans)
    assert len(warnings) <= 2 * len(find_paragraphs(text))


@given(MARK_HEAVY)
def test_a_paragraph_of_its_own_changes_no_double_quotation_elsewhere(text: str) -> None:
    before = "Ann said “it rains” twice, she did."
    spans, _ = find_quotations(f"{before}\n\n.{text}")
    assert (spans[0].span, spans[0].closed) == (CharSpan(9, 19), True)


# Work ---------------------------------------------------------------------------------------------------------------

PATHOLOGICAL = {
    "opening brackets": "「",
    "straight doubles": '"a ',
    "one run": '"',
    "one run of singles": "'",
    "closing": "a” ",
    "crossing": "« “a » ",
    "crossing kinds": '« "a ‹ ‘b » ',
    "possessives": "'a dogs' 12\" ",
    "backticks": "`a ",
    "wire": "``a ''b \"",
    "paragraphs": "“a\n\n",
    "lines": "‘a\n",
}


def count_calls(text: str) -> int:
    """Function calls that a scan takes: seconds would depend on what else the machine does."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        find_quotations(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("unit", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_work_grows_linearly(unit: str) -> None:
    assert count_calls(unit * 4000) <= 2.3 * count_calls(unit * 2000) + 1000


def test_hundred_thousand_marks_in_one_paragraph() -> None:
    spans, warnings = find_quotations('"a" ' * 50_000)
    assert len(spans) == 50_000
    assert warnings == []


def test_deep_nesting_is_capped() -> None:
    spans, warnings = find_quotations("「" * 50_000 + "a" + "」" * 50_000)
    assert max(span.depth for span in spans) == MAX_DEPTH - 1
    assert warnings == ["paragraph 1: unbalanced quotation mark 「"]
