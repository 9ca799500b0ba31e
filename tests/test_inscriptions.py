"""What the words right beside the marks tell of them."""

import pytest

from quotes.inscriptions import beside, is_nobodys, is_voiced

NOBODYS = [
    # inscriptions
    "Volunteers handed out caps that read “Keep Tarn Green” and water.",
    "T-shirts soon appeared on the pier that said “We Stayed.”",
    "Two students unfurled a banner reading “Books Not Bombs.”",
    "The banner across the quay still says “Welcme.”",
    "Their placards said “Hands Off Our Library” and the mood was cheerful.",
    "A sticker on the van said “Honk If You Love Silence.”",
    "On his desk stands a mug with the words “Third Best Uncle.”",
    "Some wore an anorak and badges bearing the slogan “Ask Me About Bees.”",
    "“No Ferry, No Future,” read one banner.",
    "“No Ferry, No Future,” read one. Another had only a drawing.",
    "“No Ferry,” read a hand-painted sign.",
    "Marta Quispe lifted a sign of her own.\n\n“Still Here,” it read.",
    "Pickets stood with signs saying, “Pay the Divers.”",
    # names
    "The practice, known as “ghost booking,” costs airlines millions.",
    "In an op-ed headlined “Why I Left,” she described the strike.",
    "The so-called “bathroom list” was kept in a drawer.",
    "The file was stamped “Confidential” in red.",
    "Locals call the bend “the Devil’s Elbow,” and drive it slowly.",
    "They sold what dealers still call the “Baltic straddle.”",
    "Economists refer to this as “moral hazard.”",
    # words
    "He asked reporters not to use the word “miracle.”",
    "Minister Adaeze Thorsen has avoided the word “shortage.”",
    "They refused to say the words “climate change.”",
    "He gave a talk on the meaning of the word “now.”",
    "You can’t yell “fire” in a theater.",
    "She would never say “sorry,” he said.",
    # slogans, words of another language, examples
    "The ferry line’s slogan is “Never Late.”",
    "The party campaigned under the motto, “Roads First.”",
    "Dinner was beshbarmak, which means “five fingers.”",
    "Then she left with a slán, Irish for “goodbye.”",
    "She drops words like “maybe” from every report.",
]

SOMEBODYS = [
    "Okonjo thanked the crew for “a fair crossing.”",
    "The fall in prices means “we can hire again,” Okonjo said.",
    "A woman in a red hat said, “We go.”",
    "A man in a cap, Tunde Alvarsson, said: “Not today.”",
    "The banner maker said, “We sold forty.”",
    "The woman with the placard said, “We sold forty.”",
    "The flag officer said “no” twice.",
    "“We sold forty,” said the banner maker.",
    "“We sold forty,” said a man with a sign.",
    "The letter was two pages long.\n\n“We regret this,” it read.",
    "Critics call the plan “reckless.”",
    "Mayor Ilse Nakamura calls the bend “a disgrace.”",
    "Economists called the plan “reckless and late.”",
    "She has called it “temporary.”",
    "She used the word “fraud” four times.",
    "He said in the words of the prophet, “Go.”",
    "He closed with the words “Bring umbrellas.”",
    "He did not say why. “Ask her,” he said.",
    "She did not say “we will never under any circumstances do this again.”",
    "He is known as a talker. “No,” he said.",
]


def found(text: str) -> bool:
    start, end = text.index("“"), text.index("”") + 1
    return is_nobodys(*beside(text, start, end), len(text[start:end].split()))


@pytest.mark.parametrize("text", NOBODYS)
def test_words_that_nobody_says(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", SOMEBODYS)
def test_words_that_somebody_says(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    ("text", "voiced"),
    [("There were cries of “Shame!”", True), ("To cheers of “Off!” he went.", True), ("Calls for “order” went on.", False)],
)
def test_what_a_crowd_calls_out(text: str, voiced: bool) -> None:
    assert is_voiced(beside(text, text.index("“"), text.index("”") + 1)[0]) == voiced


def test_only_the_line_of_the_marks_and_the_one_before_are_read() -> None:
    text = "One.\nTwo.\n\n“Three,” it read.\nFour."
    assert beside(text, text.index("“"), text.index("”") + 1) == ("Two.\n\n", " it read.")
