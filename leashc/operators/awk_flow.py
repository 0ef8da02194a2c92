"""Which variables of an awk program carry something from one record to the next.

What is done to a record is walked in the order of evaluation. A variable that is
used where nothing has surely set it before, and that is written anywhere, is
carried; all others begin anew with each record, or never change.
"""

from __future__ import annotations

from collections.abc import Iterable

from leashc.languages.awk_syntax import (
    Assign,
    Binary,
    Block,
    Call,
    Conditional,
    Delete,
    Element,
    Evaluate,
    Expr,
    Field,
    ForIn,
    Function,
    Getline,
    If,
    In,
    Increment,
    Jump,
    Loop,
    Name,
    Print,
    Program,
    Rule,
    Statement,
    Target,
    bare,
    walk,
)
from leashc.operators.awk_updates import Update, update
from leashc.operators.scripts import Acts, Random, Whole

_CALLS: dict[str, Exception] = {
    "system": Acts("it runs another program (system)"),
    "close": Whole("it handles its own output (close)"),
    "fflush": Whole("it handles its own output (fflush)"),
    "rand": Random("it draws random numbers (rand)"),
    "srand": Random("it draws random numbers (srand)"),
    "systime": Random("it asks for the time (systime)"),
    **{
        name: Whole(f"leashc does not know its function {name}")
        for name in ("asort", "asorti", "patsplit", "typeof", "isarray")
    },
}


class Flow:
    """The variables of what is walked: used, written, and used before they are surely set.

    accumulators: the carried ones that may take part in updates, and in nothing else.
    ending: it is the END, where an exit is like another.
    """

    def __init__(
        self, program: Program, accumulators: Iterable[str] = (), *, ending: bool = False
    ) -> None:
        self.text = program.text
        self.ending = ending
        self.accumulators = frozenset(accumulators)
        self.used: set[str] = set()
        self.written: set[str] = set()
        self.early: set[str] = set()
        self.updates: list[Update] = []
        self.touched: set[str] = set()  # arrays with elements that are read, which makes them
        self._looked: set[str] = set()  # arrays whose elements count
        self._set = {"NF", "NR", "FNR"}  # awk itself sets these for each record
        self._gone = False  # the rest of this record's way is not walked
        self._functions = {function.name: function for function in program.functions}

    @property
    def carried(self) -> frozenset[str]:
        return frozenset(self.early & (self.written | self.touched & self._looked))

    def rules(self, rules: Iterable[Rule]) -> None:
        """One record's way through these. Raises Whole, Random or Acts."""
        for rule in rules:
            self._gone = False
            if len(rule.patterns) > 1:
                raise Whole("a range of lines may reach across a seam")
            if len(rule.patterns) == 1 and rule.action and rule.action.statements:
                (pattern,) = rule.patterns
                self._branches(If(pattern, rule.action, None, rule.span))
                continue
            for pattern in rule.patterns:
                self.expr(pattern)
            if rule.action:
                self.statement(rule.action)

    def loop(self, loop: ForIn) -> None:
        """One turn of a loop, as if it were a record."""
        self._define(loop.variable.name)
        self.statement(loop.body)

    def functions(self) -> None:
        """All that functions of the program's own do to variables that are not theirs."""
        for function in self._functions.values():
            inner = Flow(Program((), tuple(self._functions.values()), self.text))
            inner._set |= set(function.parameters)
            inner.statement(function.body)
            own = set(function.parameters)
            for name in inner.used - own:
                self._use(name)
            for name in inner.written - own:
                raise Whole(f"its function {function.name} changes the variable {name}")

    def expr(self, expr: Expr) -> None:
        """Walk an expression."""
        match expr:
            case Name(name, _):
                self._use(name)
                self._looked.add(name)
            case Element(name, subscripts, _):
                self._all(subscripts)
                self._use(name)
                self.touched.add(name)
            case In(subscripts, name, _):
                self._all(subscripts)
                self._use(name)
                self._looked.add(name)
            case Assign(operator, target, value, _):
                self.expr(value)
                self._assign(target, keeps=operator != "=")
            case Increment(_, target, _, _):
                self._assign(target, keeps=True)
            case Binary("&&" | "||", left, right, _):
                self.expr(left)
                self._perhaps(right)
            case Conditional(condition, then, other, _):
                self.expr(condition)
                self._perhaps(then)
                self._perhaps(other)
            case Call():
                self._call(expr)
            case Getline(from_command, _):
                if from_command:
                    raise Acts("it runs another program (|)")
                raise Whole("it reads lines itself (getline)")
            case _:
                self._all(part for part in expr if isinstance(part, Expr))

    def _all(self, found: Iterable[Expr]) -> None:
        for expr in found:
            self.expr(expr)

    def _perhaps(self, expr: Expr) -> None:
        """What may not be evaluated sets nothing for sure."""
        before = set(self._set)
        self.expr(expr)
        self._set = before

    def _use(self, name: str) -> None:
        if name in self.accumulators:
            raise Whole(f"it looks at what it keeps ({name})")
        self.used.add(name)
        if name not in self._set:
            self.early.add(name)

    def _define(self, name: str) -> None:
        if name in self.accumulators:
            raise Whole(f"it keeps something in a variable ({name})")
        self.written.add(name)
        self._set.add(name)

    def _assign(self, target: Target, *, keeps: bool) -> None:
        """keeps: what was there before is used."""
        match target:
            case Name(name, _):
                if keeps:
                    self._use(name)
                self._define(name)
            case Element(name, subscripts, _):
                # The other elements stay, so an array is not set by this.
                self._all(subscripts)
                self._use(name)
                self.written.add(name)
            case Field(number, _):
                self.expr(number)
                if isinstance(number, Name) and keeps:
                    self.used.add(number.name)

    def _call(self, call: Call) -> None:
        name, arguments = call.name, call.arguments
        if call.own:
            self._own(call)
        elif name in _CALLS:
            raise _CALLS[name]
        elif name in ("sub", "gsub") and arguments[2:]:
            self._all(arguments[:2])
            target = bare(arguments[2])
            if not isinstance(target, Target):
                raise Whole("leashc cannot read its program")
            self._assign(target, keeps=True)
        elif name in ("split", "match"):
            filled = [1, 3] if name == "split" else [2]
            self._all(a for place, a in enumerate(arguments) if place not in filled)
            for place in filled:
                if isinstance(array := dict(enumerate(arguments)).get(place), Name):
                    self._define(array.name)
            if name == "match":
                self._define("RSTART")
                self._define("RLENGTH")
        else:
            self._all(arguments)

    def _own(self, call: Call) -> None:
        function = self._functions.get(call.name)
        if function is None:
            raise Whole(f"leashc does not know its function {call.name}")
        self._all(call.arguments)
        for parameter in function.parameters[: len(call.arguments)]:
            if parameter in _arrays_written(function):
                raise Whole(f"its function {call.name} changes an array")

    def statement(self, statement: Statement) -> None:
        """Walk a statement."""
        found = update(statement, self.text) if self.accumulators else None
        if found and found.target.name in self.accumulators:
            self._update(found)
            return
        match statement:
            case Evaluate(expr, _):
                self.expr(expr)
            case Print(_, arguments, redirected, _):
                if redirected:
                    does = "writes a file (print >)"
                    raise Acts(f"it {'runs another program (|)' if redirected[0] == 'c' else does}")
                self._all(arguments)
            case If():
                self._branches(statement)
            case Loop(first, condition, step, body, late, _):
                self._loop(first, condition, step, body, late=late)
            case ForIn(variable, name, body, _):
                self._use(name)
                self._looked.add(name)
                before = set(self._set)
                self._define(variable.name)
                self.statement(body)
                self._set, self._gone = before, False
            case Jump(word, value, _):
                if word in ("exit", "nextfile") and not self.ending:
                    raise Whole(f"where it ends depends on what came before ({word})")
                self._all([value] if value else [])
                self._gone = True
            case Delete(name, subscripts, _):
                self._all(subscripts)
                if subscripts:
                    self._use(name)
                    self.written.add(name)
                else:
                    self._define(name)
            case Block(statements, _):
                for inner in statements:
                    self.statement(inner)

    def _update(self, found: Update) -> None:
        self.updates.append(found)
        if isinstance(found.target, Element):
            self._all(found.target.subscripts)
        if found.value is not None:
            self.expr(found.value)

    def _branches(self, found: If) -> None:
        extreme = update(found, self.text) if self.accumulators else None
        if extreme and extreme.target.name in self.accumulators:
            self._update(extreme)
            return
        self.expr(found.condition)
        ways = []
        before = set(self._set)
        for branch in (found.then, found.other):
            self._set, self._gone = set(before), False
            if branch is not None:
                self.statement(branch)
            if not self._gone:
                ways.append(self._set)
        self._set = set.intersection(*ways) if ways else before
        self._gone = not ways

    def _loop(
        self,
        first: Statement | None,
        condition: Expr | None,
        step: Statement | None,
        body: Statement,
        *,
        late: bool,
    ) -> None:
        if first is not None:
            self.statement(first)
        if condition is not None and not late:
            self.expr(condition)
        before = set(self._set)
        self.statement(body)
        if late and not any(isinstance(node, Jump) for node in walk(body)):
            before = set(self._set)
        if step is not None:
            self.statement(step)
        if condition is not None and late:
            self.expr(condition)
        self._set, self._gone = before, False


def _arrays_written(function: Function) -> set[str]:
    """The names whose elements a function writes."""
    found = set()
    for node in walk(function.body):
        match node:
            case Assign(_, Element(name, _, _), _, _) | Increment(_, Element(name, _, _), _, _):
                found.add(name)
            case Delete(name, _, _):
                found.add(name)
            case Call("split" | "match" | "sub" | "gsub", arguments, _, _):
                found |= {a.name for a in arguments if isinstance(a, Name | Element)}
            case Call(_, arguments, True, _):
                found |= {a.name for a in arguments if isinstance(a, Name)}
            case _:
                pass
    return found
