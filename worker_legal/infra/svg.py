"""Elements of a picture: escaped text, no script, no style attribute."""

from markupsafe import Markup, escape


def _attributes(values: dict[str, object]) -> Markup:
    return Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), value)
        for name, value in values.items()
        if value is not None
    )


def tag(name: str, /, *inside: object, **attributes: object) -> Markup:
    """One element; a trailing underscore in a keyword is dropped, the others become hyphens."""
    body = Markup("").join(escape(part) for part in inside)
    opening = Markup("<{}{}").format(name, _attributes(attributes))
    return opening + (Markup(">{}</{}>").format(body, name) if inside else Markup("/>"))


def link(url: str, title: str, *inside: object) -> Markup:
    """A mark one can follow; its title is read out and shown on hover."""
    parts = (tag("title", title), *inside)
    return tag("a", *parts, href=url) if url else tag("g", *parts)


def percent(value: float) -> str:
    """A place across the picture, in per cent of its width."""
    return f"{value:.2f}%"
