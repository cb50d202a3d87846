"""`adcalc fmt`: a program in canonical layout."""

import sys
from typing import Annotated

import typer

from adcalc.cli import options, output
from adcalc.errors import AdcalcError, Place, RefutedError, Source, UsageError
from adcalc.syntax.format import canonical
from adcalc.syntax.notation import read_text

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="a program; - reads it from stdin")]
Check = Annotated[bool, typer.Option("--check", help="print nothing; exit 1 where a file is not in canonical layout")]
Write = Annotated[bool, typer.Option("--write", help="replace the files by their canonical layout")]


def fmt(files: Files, check: Check = False, write: Write = False) -> int:
    """Print a program in canonical layout, comments kept: one statement a line, blocks indented, long lines folded.

    Example: adcalc fmt examples/horner.adc

    Example: adcalc fmt --check examples/horner.adc examples/neuron.adc

    JSON keys: none; what it prints is the program itself
    """
    files = [file.removeprefix(options.MINUS_MARK) for file in files]
    if check and write:
        raise UsageError("--check and --write cannot both be given", hint="leave one of them out")
    if write and "-" in files:
        raise UsageError("standard input cannot be written to", hint="without --write the layout is printed")
    if not check and not write and len(files) > 1:
        raise UsageError(
            "only one program can be printed", hint="--write lays out several files, --check looks at them"
        )
    if check:
        return _checked(files)
    pages = [(file, *_laid_out(file)) for file in files]  # where one has a mistake none is written
    for file, text, page in pages:
        if not write:
            sys.stdout.buffer.write(page.encode("utf-8", "surrogateescape"))  # UTF-8 like every program file
        elif text != page:
            output.save(file, page)
    return 0


def _laid_out(file: str) -> tuple[str, str]:
    """The text of a file, its line ends as they are, and its canonical layout."""
    if file == "-":
        source = options.source(file, None)
        return source.text, canonical(source)
    text = read_text(file, newline="")
    return text, canonical(Source(_with_newlines(text), file))


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _checked(files: list[str]) -> int:
    """The exit code for files of which each is to be in canonical layout; every one that is not is named."""
    code = 0
    for file in files:
        try:
            text, page = _laid_out(file)
            if text != page:
                raise _refutation(file, text, page)
        except AdcalcError as error:
            output.problem(error, False)
            code = max(code, error.exit_code)
    return code


def _refutation(file: str, text: str, page: str) -> RefutedError:
    """The error of a file that is claimed to be in canonical layout and is not: it shows the first difference."""
    source = Source(_with_newlines(text), "" if file == "-" else file)
    name = "standard input" if file == "-" else file
    if source.text == page:
        return RefutedError(f"{name} is not in canonical layout: its lines do not end in a newline alone")
    pairs = enumerate(zip(source.text, page, strict=False))
    begin = next((index for index, (one, other) in pairs if one != other), min(len(source.text), len(page)))
    hint = None if file == "-" else f"adcalc fmt --write {file} replaces it"
    return RefutedError(f"{name} is not in canonical layout", Place(source, begin, begin + 1), hint)
