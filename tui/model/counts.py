"""How many there are, said in words."""


def count_of(number: int, noun: str) -> str:
    """Return `1 file`, `0 files` or `1,234 files`, for a noun whose plural ends in s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
