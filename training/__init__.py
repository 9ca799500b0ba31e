"""Training of the models in `models/` from the corpora and from our own marked articles. Not part of the wheel."""
