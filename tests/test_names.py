"""Which names are one person's or body's. None of them is a real person of the news."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.names import Name, cluster_names, core_text, fold, read_name


def read(texts: list[str]) -> list[Name]:
    """Names in order of text: "ORG:Nordvik Lines" is a body, "Mr|Tremlett" a name after the word Mr, else a person."""
    names = []
    for i, text in enumerate(texts):
        label, _, rest = text.rpartition(":")
        before, _, rest = rest.rpartition("|")
        names.append(read_name(rest, label or "PER", 10 * i, before))
    return names


def groups(*texts: str) -> list[list[str]]:
    """The texts, by cluster, in order of each cluster's first."""
    found = [[texts[i] for i in cluster.members] for cluster in cluster_names(read(list(texts)))]
    return sorted(found, key=lambda members: texts.index(members[0]))


ONE = [
    # surname, given name, mononym
    ("Maria Okonjo", "Okonjo"),
    ("Maria Okonjo", "Maria"),
    ("Okonjo", "Maria Okonjo"),
    ("Suharti", "Suharti"),
    ("MARIA OKONJO", "Maria Okonjo"),
    ("Tessa Wendel", "Wandel"),
    # initials and middle names
    ("Maria J. Okonjo", "Maria Okonjo"),
    ("M. J. Okonjo", "Maria Okonjo"),
    ("J.R.R. Halloran", "Halloran"),
    ("A. P. J. Varadhan", "Varadhan"),
    ("S. Varadhan", "Varadhan"),
    ("Inés Quintero Zambrano", "Inés Quintero"),
    ("Inés Quintero Zambrano", "Quintero Zambrano"),
    ("Inés Quintero Zambrano", "Quintero"),
    ("Rosângela Teixeira dos Anjos", "Rosângela Teixeira"),
    # titles, suffixes, possessives
    ("Dr Maria Okonjo", "Okonjo"),
    ("Maria Okonjo", "Mrs|Okonjo"),
    ("Maria Okonjo", "Mrs Okonjo"),
    ("Det Con Priya Wadhwa", "Priya Wadhwa"),
    ("Sir Alasdair Buchan", "Sir Alasdair"),
    ("Lord Whitcombe", "Whitcombe"),
    ("Tuan Mohd Faizal", "Mohd Faizal"),
    ("Tuan Oduya", "Oduya"),
    ("Walter Pryce Jr.", "Walter Pryce"),
    ("Walter Pryce III", "Pryce"),
    ("Nigel Saxton QC", "Mr Saxton"),
    ("Maria Okonjo’s", "Okonjo"),
    ("Ms Okonjo's", "Maria Okonjo"),
    # particles
    ("Joost van der Meulen", "van der Meulen"),
    ("Joost van der Meulen", "Van der Meulen"),
    ("Joost van der Meulen", "Meulen"),
    ("Khalid al-Durrani", "al-Durrani"),
    ("Khalid al-Durrani", "Durrani"),
    ("Khalid al-Durrani", "Khalid Al Durrani"),
    ("Ahmed bin Saleh", "Saleh"),
    ("Ahmed bin Saleh", "bin Saleh"),
    ("Conceição dos Anjos", "dos Anjos"),
    ("Gráinne Ní Dhuibhir", "Ms Ní Dhuibhir"),
    # double surnames and double given names
    ("Imogen Farrant-Ellis", "Farrant-Ellis"),
    ("Imogen Farrant-Ellis", "Farrant"),
    ("Imogen Farrant-Ellis", "Ellis"),
    ("Jean-Luc Moreau", "Jean-Luc"),
    # family name first
    ("Zhang Weimin", "Zhang"),
    ("Zhang Weimin", "Weimin Zhang"),
    ("Kim Do-yun", "Kim"),
    ("Nguyen Thi Hoa", "Hoa"),
    ("Nguyen Thi Hoa", "Nguyen Hoa"),
    ("Papadaki, Eleni", "Eleni Papadaki"),
    # nicknames
    ("Robert Ledbetter", "Bob Ledbetter"),
    ("Bill Draper", "Will Draper"),
    ("Katherine Barlow", "Kate Barlow"),
    ("Elizabeth “Betsy” Vance", "Betsy Vance"),
    ("Elizabeth “Betsy” Vance", "Elizabeth Vance"),
    ("Maria “Lola” Reyes", "Reyes"),
    ("Adaeze C. “Dizzy” Okafor", "Dizzy Okafor"),
    ("Dizzy Okafor", "Adaeze “Dizzy” Okafor"),
    # accents, apostrophes, misspellings
    ("Nguyễn Thị Hoa", "Nguyen Thi Hoa"),
    ("Agnieszka Wróblewska", "Agnieszka Wroblewska"),
    ("Siobhán O’Shea", "Siobhan O'Shea"),
    ("Thaddeus Galbraith", "Thaddeus Galbraithe"),
    ("Thaddeus Galbraith", "Galbraithe"),
    # bodies
    ("ORG:Transport Accident Board", "ORG:TAB"),
    ("ORG:Transport Accident Board", "ORG:T.A.B."),
    ("ORG:Ministry of Works and Ports", "ORG:MWP"),
    ("ORG:Department of Works", "ORG:DoW"),
    ("ORG:Centre for Coast Protection and Safety", "ORG:CCP"),
    ("ORG:Department of Harbours and Human Safety", "ORG:HHS"),
    ("ORG:The Transport Board", "ORG:Transport Board"),
    ("ORG:Nordvik Lines", "ORG:Nordvik"),
    ("ORG:Nordvik Lines Ltd", "ORG:Nordvik Lines"),
    ("ORG:Western Health Authority", "ORG:Health Authority"),
    ("OTHER:Sarmavia", "OTHER:Sarmavia"),
]
TWO = [
    ("Maria Okonjo", "Peter Okonjo"),
    ("Tessa Jamis", "James"),  # a given name
    ("Tessa Harris", "Harmon"),
    ("Maria Okonjo", "Mario Okonjo"),
    ("Maria Okonjo", "Maria Santos"),
    ("Mr|Haddad", "Mrs|Haddad"),
    ("Mr Haddad", "Mrs Haddad"),
    ("Ms|Leila Haddad", "Mr|Haddad"),
    ("Michael Haddad", "Michelle Haddad"),
    ("Steven Marsh", "Stephanie Marsh"),
    ("Robert Vance", "Elizabeth Vance"),
    ("Zhang Weimin", "Zhang Weihong"),
    ("Kim Do-yun", "Kim Da-eun"),
    ("Ole Berg", "Ole Bergström"),
    ("Anna Lind", "Anna Lindqvist"),
    ("Lim", "Tan"),
    ("ORG:Ministry of Works", "ORG:Ministry of Health"),
    ("ORG:City Council", "ORG:County Council"),
    ("ORG:Nordvik Lines", "ORG:Southvik Lines"),
    ("ORG:North Velsen Council", "ORG:South Velsen Council"),
    ("ORG:Bank of Velsen", "ORG:Bank of Lysmark"),
    ("ORG:Okonjo Foundation", "Okonjo"),
]


@pytest.mark.parametrize("texts", ONE, ids=" = ".join)
def test_one_person_or_body(texts):
    assert groups(*texts) == [list(texts)]


@pytest.mark.parametrize("texts", TWO, ids=" / ".join)
def test_two_persons_or_bodies(texts):
    assert groups(*texts) == [[texts[0]], [texts[1]]]


@pytest.mark.parametrize("texts", TWO, ids=" / ".join)
def test_order_of_mention_does_not_merge_two(texts):
    assert len(groups(*reversed(texts))) == 2


@pytest.mark.parametrize(
    "texts",
    [
        ("M. Okonjo", "P. Okonjo"),
        ("Maria Okonjo", "P. Okonjo"),
        ("Jan Novak", "Jana Novak"),
        ("Paul Adeyemi", "Paula Adeyemi"),
        ("Walter Pryce Sr.", "Walter Pryce Jr."),
    ],
    ids=" / ".join,
)
def test_two_persons_of_like_names_stay_two(texts):
    assert len(groups(*texts)) == 2


@pytest.mark.parametrize(
    "texts",
    [
        ("M.J. Okonjo", "Maria Okonjo"),
        ("Imogen Farrant-Ellis", "Imogen Ellis"),
        ("ORG:U.N.", "ORG:UN"),
        ("OTHER:Sarmavia", "ORG:Sarmavia"),
    ],
    ids=" = ".join,
)
def test_forms_of_one_name_are_one(texts):
    assert len(groups(*texts)) == 1


def test_surname_of_two_means_the_one_named_last():
    found = groups("Maria Okonjo", "Peter Okonjo", "Okonjo", "Maria", "Okonjo")
    assert found == [["Maria Okonjo", "Maria", "Okonjo"], ["Peter Okonjo", "Okonjo"]]


@pytest.mark.parametrize(
    ("texts", "places", "speaking", "relatives", "expected"),
    [
        # whom the surname alone has meant keeps it ...
        (["Ruth Okello", "Okello", "Okello", "Dele Okello", "Okello"], [0, 50, 90, 140, 260], (), (), 0),
        # ... but for the words behind the other's full name
        (["Ruth Okello", "Okello", "Dele Okello", "Okello"], [0, 50, 140, 150], (), (), 2),
        # "Her husband, Dele Okello, was ill. Okello said"
        (["Ruth Okello", "Okello", "Dele Okello", "Okello"], [0, 50, 140, 150], (), {2}, 0),
        # of two who are as far off, the one who spoke
        (["Ruth Okello", "Dele Okello", "Okello"], [0, 10, 300], {0}, (), 0),
        # the whole of a surname before a half of it
        (["Rosa Ibarra", "Dele Ibarra-Cole", "Ibarra"], [0, 10, 20], (), (), 0),
    ],
)
def test_whom_a_surname_of_two_means(texts, places, speaking, relatives, expected):
    names = [read_name(text, "PER", place) for text, place in zip(texts, places, strict=True)]
    found = cluster_names(names, speaking, relatives)
    assert any({expected, len(texts) - 1} <= set(cluster.members) for cluster in found)


@pytest.mark.parametrize(
    "texts",
    [
        ("Maria “Lola” Reyes", "Lola"),
        ("Bríd Ó Dálaigh", "Ó Dálaigh"),
        ("Konstantinos Velissaris", "Kostas Velissaris"),
        ("ORG:Ruth Okello", "Okello"),
    ],
    ids=" = ".join,
)
def test_nickname_and_parts_are_the_persons(texts):
    assert groups(*texts) == [list(texts)]


def test_titles_part_two_of_one_surname():
    found = groups("Ms|Maria Okonjo", "Mr|Peter Okonjo", "Ms|Okonjo", "Mr|Okonjo", "Ms|Okonjo")
    assert found == [["Ms|Maria Okonjo", "Ms|Okonjo", "Ms|Okonjo"], ["Mr|Peter Okonjo", "Mr|Okonjo"]]


def test_six_of_one_surname_stay_six():
    family = ["Leila Haddad", "Omar Haddad", "Nadim Haddad", "Rania Haddad", "Tariq Haddad", "Youssef Haddad"]
    assert groups(*family) == [[name] for name in family]


def test_surname_before_the_full_name_joins_it():
    assert groups("Lim", "Lim Mei Hua", "Tan") == [["Lim", "Lim Mei Hua"], ["Tan"]]


def test_company_of_a_persons_name_is_not_the_person():
    found = groups("Alice Brown", "ORG:Brown & Daughters", "Brown")
    assert found == [["Alice Brown", "Brown"], ["ORG:Brown & Daughters"]]


def test_person_whose_name_begins_a_bodys_is_the_body():
    (cluster,) = cluster_names(read(["ORG:Nordvik Freight", "PER:Nordvik"]))
    assert cluster.label == "ORG"
    assert len(cluster_names(read(["ORG:Nordvik Freight", "PER:Maria Nordvik", "PER:Nordvik"]))) == 2


def test_label_of_a_name_is_that_of_most_of_its_mentions():
    found = cluster_names(read(["ORG:Nordvik", "PER:Nordvik", "ORG:Nordvik"]))
    assert [(c.label, c.members) for c in found] == [("ORG", [0, 1, 2])]


@pytest.mark.parametrize(
    ("text", "label", "words", "core", "gender"),
    [
        ("Maria Okonjo", "PER", ["Maria", "Okonjo"], "Maria Okonjo", "-"),
        ("Sir Walter Pryce Jr.", "PER", ["Walter", "Pryce"], "Walter Pryce Jr.", "m"),
        ("Ms. Okonjo", "PER", ["Okonjo"], "Okonjo", "f"),
        ("Earl Tremlett III", "PER", ["Earl", "Tremlett"], "Earl Tremlett III", "m"),
        ("Det Con Priya Wadhwa", "PER", ["Priya", "Wadhwa"], "Priya Wadhwa", "-"),
        ("Capt. Mikkel Strand-Roy", "PER", ["Mikkel", "Strand-Roy"], "Mikkel Strand-Roy", "-"),
        ("Elizabeth “Betsy” Vance", "PER", ["Elizabeth", "Vance"], "Elizabeth “Betsy” Vance", "-"),
        ("Nigel Saxton SC", "PER", ["Nigel", "Saxton"], "Nigel Saxton", "-"),
        ("Lady Saxton", "PER", ["Lady", "Saxton"], "Lady Saxton", "f"),
        ("Colonel-Major Amara Diop", "PER", ["Amara", "Diop"], "Amara Diop", "-"),
        ("Nigel Saxton, QC", "PER", ["Nigel", "Saxton"], "Nigel Saxton", "-"),
        ("Maria Okonjo’s", "PER", ["Maria", "Okonjo"], "Maria Okonjo", "-"),
        ("(Maria Okonjo)", "PER", ["Maria", "Okonjo"], "Maria Okonjo", "-"),
        ("Maria\u00a0Okonjo", "PER", ["Maria", "Okonjo"], "Maria\u00a0Okonjo", "-"),
        ("Judge", "PER", ["Judge"], "Judge", "-"),
        ("The Transport Board", "ORG", ["Transport", "Board"], "Transport Board", "-"),
        ("...", "PER", [], "...", "-"),
        ("", "PER", [], "", "-"),
        # given names elsewhere, a title that is a surname
        ("Tuan Oduya", "PER", ["Tuan", "Oduya"], "Tuan Oduya", "m"),
        ("Kumari Oduya", "PER", ["Kumari", "Oduya"], "Kumari Oduya", "f"),
        ("Ruth King", "PER", ["Ruth", "King"], "Ruth King", "-"),
    ],
)
def test_name_taken_apart(text, label, words, core, gender):
    name = read_name(text, label, 0)
    assert (name.words, core_text(name), name.gender) == (words, core, gender)


def test_gender_from_the_title_before():
    assert read_name("Okonjo", "PER", 3, "Mrs").gender == "f"
    assert read_name("Okonjo", "PER", 3, "said").gender == "-"
    assert read_name("Okonjo Lines", "ORG", 3, "Mrs").gender == "-"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("neurosurgeon Amina Diop", ["Amina", "Diop"]),
        ("ferry captain Amina Diop", ["Amina", "Diop"]),
        ("neurosurgeon Diop", ["Diop"]),
        ("Baker Henrique Salgueiral", ["Henrique", "Salgueiral"]),
        ("Baker Salgueiral", ["Baker", "Salgueiral"]),
        ("Brewer Henrique Salgueiral", ["Brewer", "Henrique", "Salgueiral"]),
        ("mayor Dr. Amina Diop", ["Amina", "Diop"]),
        ("van der Meulen", ["van", "der", "Meulen"]),
        ("dos Anjos", ["dos", "Anjos"]),
        ("neurosurgeon", ["neurosurgeon"]),
    ],
)
def test_role_before_a_name_is_no_part_of_it(text, words):
    assert read_name(text, "PER", 0).words == words


@pytest.mark.parametrize("text", ["ter Braak", "ten Velsen", "do Carmo", "binti Salleh"])
def test_particle_before_a_surname_is_part_of_it(text):
    assert read_name(text, "PER", 0).words == text.split()


def test_role_before_a_body_is_part_of_it():
    assert read_name("neurosurgeon Amina Diop", "ORG", 0).words == ["neurosurgeon", "Amina", "Diop"]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Amina Diop", "f"),
        ("Rodel Catubig", "m"),
        ("João Salgueiral", "m"),
        ("AMINA DIOP", "f"),
        ("Amina", "f"),
        ("neurosurgeon Amina Diop", "f"),
        ("Dr. Amina Diop", "f"),
        ("Amina-Rose Diop", "f"),
        # behind initials, or where the family's name stands first
        ("J. Amina Diop", "f"),
        ("Diop Amina Fall", "f"),
        ("Diop Amina", "-"),
        # neither tells
        ("Zenzo Halwindi", "-"),
        ("A. Diop", "-"),
        ("Diop", "-"),
        ("ORG:Amina Diop Lines", "-"),
        ("", "-"),
    ],
)
def test_gender_of_the_given_name(text, given):
    (name,) = read([text])
    assert name.given == given


@pytest.mark.parametrize(
    ("texts", "likely"),
    [
        (("Amina Diop", "Diop"), "f"),
        (("Diop", "Amina Diop"), "f"),
        (("Zenzo Halwindi", "Halwindi"), "-"),
        (("Zenzo Halwindi", "Ms|Halwindi"), "f"),
        # what a title tells goes before
        (("Mr|Amina Diop", "Diop"), "m"),
        # a surname that is a given name elsewhere tells nothing of a full name
        (("Amina Rodel", "Rodel"), "f"),
    ],
)
def test_likely_gender(texts, likely):
    (cluster,) = cluster_names(read(list(texts)))
    assert cluster.likely_gender == likely


def test_given_name_parts_two_of_one_surname():
    found = groups("Amina Diop", "Rodel Diop", "Ms|Diop", "Mr|Diop")
    assert found == [["Amina Diop", "Ms|Diop"], ["Rodel Diop", "Mr|Diop"]]
    assert groups("Amina Diop", "Mr|Diop") == [["Amina Diop"], ["Mr|Diop"]]


def test_fold_is_for_comparison_only():
    assert fold("O’Şéà") == "o'sea"
    assert read_name("José Muñoz", "PER", 0).words == ["José", "Muñoz"]


NAME = st.lists(
    st.sampled_from(
        ["Maria", "M.", "Okonjo", "al-Durrani", "van", "der", "Dr", "Jr.", "Bob", "Robert", "O’Shea", "“Al”", ""]
    ),
    max_size=4,
).map(" ".join)


@given(st.lists(st.tuples(NAME | st.text(max_size=12), st.sampled_from(["PER", "ORG", "OTHER"])), max_size=12))
def test_every_name_is_in_one_cluster(given_names):
    names = [read_name(text, label, 10 * i) for i, (text, label) in enumerate(given_names)]
    members = [i for cluster in cluster_names(names) for i in cluster.members]
    assert sorted(members) == list(range(len(names)))
    for name in names:
        assert core_text(name) in name.text


@pytest.mark.parametrize(("pronoun", "owner"), [("f", "Ruth Saxton"), ("m", "Nigel Saxton"), ("-", "Nigel Saxton")])
def test_surname_of_two_people_means_whom_the_pronoun_behind_it_tells(pronoun, owner):
    names = [read_name(text, "PER", 10 * i) for i, text in enumerate(["Ruth Saxton", "Nigel Saxton", "Saxton"])]
    names[-1].spoken_of = pronoun
    cluster = next(c for c in cluster_names(names) if 2 in c.members)
    assert names[cluster.members[0]].text == owner


@pytest.mark.parametrize(("pronouns", "gender"), [("ff", "f"), ("mm", "m"), ("f-", "-"), ("fm", "-")])
def test_gender_by_two_pronouns_where_the_given_name_tells_none(pronouns, gender):
    names = [read_name(text, "PER", 10 * i) for i, text in enumerate(["Zenzo Halwindi", "Halwindi"])]
    for name, pronoun in zip(names, pronouns, strict=True):
        name.spoken_of = pronoun
    (cluster,) = cluster_names(names)
    assert cluster.likely_gender == gender
