"""Keys: what they do in the log pane, for its bindings and for whoever lists them."""

from textual.binding import Binding


def _key(keys: str, action: str, name: str, tooltip: str) -> Binding:
    """Return a binding known as `logs.ACTION`, with its argument where an action has several."""
    known = f"logs.{action.replace('(-1)', '_back').replace('(1)', '')}"
    return Binding(keys, action, name, show=False, id=known, tooltip=tooltip)


LINE_KEYS = (
    _key("up,k", "move(-1)", "Up", "One line up; stops following"),
    _key("down,j", "move(1)", "Down", "One line down"),
    _key("pageup,ctrl+b", "page(-1)", "Page up", "One screen up; stops following"),
    _key("pagedown,space", "page(1)", "Page down", "One screen down"),
    _key("home,g", "start", "Oldest", "Go to the oldest line stored"),
    _key("end,G", "end", "Newest", "Go to the newest line and follow"),
    _key("left", "sideways(-1)", "Left", "Scroll long lines back"),
    _key("right", "sideways(1)", "Right", "Scroll to the rest of long lines"),
    _key("enter", "open", "Whole line", "Show the line whole, JSON laid out"),
)
PANE_KEYS = (
    _key("f", "follow", "Follow", "Follow new lines, or hold still"),
    _key("s,ctrl+f", "search", "Search", "Search in the lines shown"),
    _key("n", "find(1)", "Next match", "Go to the next match below"),
    _key("N", "find(-1)", "Previous match", "Go to the next match above"),
    _key("v", "level(1)", "Level", "Show only more important levels"),
    _key("V", "level(-1)", "Lower level", "Show less important levels too"),
    _key("m", "span(1)", "Longer", "Histogram over a longer time"),
    _key("M", "span(-1)", "Shorter", "Histogram over a shorter time"),
    _key("z", "wrap", "Wrap", "Wrap long lines, or cut them at the edge"),
    _key("t", "timestamps", "Times", "Show or hide the times"),
    _key("y", "copy", "Copy", "Copy the selection, or the line under the cursor"),
    _key("backspace", "clear", "Clear filter", "Show all lines again"),
    _key("escape", "leave", "Close", "Close the bar, then forget the search"),
)
BAR_KEYS = (_key("escape,enter", "close", "Close", "Close the bar; what it says stays"),)
CHOICE_KEYS = (
    _key("right,space", "step(1)", "Next", "Choose the next one"),
    _key("left", "step(-1)", "Previous", "Choose the one before"),
)

HELP = """\
## Logs

Every line the app, its builds and redraft itself said, back to the oldest one stored.
New lines appear at the bottom while **following**; going up holds the text still until `end` or `f`.

* **Filter** with `/`: only lines that match. Small letters match capitals too; a capital is meant.
  Lines without a known level are shown at every level.
* **Search** with `s` or `ctrl+f`: highlights and jumps. `enter` goes to the match above, `n` down, `N` up.
* `v` and `V` raise and lower the level, `z` wraps, `t` hides the times, `backspace` clears the filter.
* `enter` or two clicks show a line whole; `y` copies the line, or what the mouse selected.

The **histogram** tells how many of the lines shown there were when: in the last 15 minutes, or with
a filter in all the time there is. `m` and `M`, or the wheel, show a longer or a shorter time; a click
goes there, to the first error if there is one.
On its left stand the lines of the tallest bar and the time that a bar stands for, on its right errors `✖`
and warnings `!`. Below, `✖` marks bars with errors, the heavy line those on the screen, `┊15` where
revision 15 was begun. A low screen has no room for it: `l` makes some.

`err` marks lines written to stderr, `▸ build` what builds print, `◆ redraft` redraft's own words.
A rule across the screen tells where a revision began or a container restarted.
"""  # noqa: E501 - a paragraph of Markdown stays on its line
