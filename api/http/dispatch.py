"""The route index: a request's route by method and path, without trying one route after another."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi.routing import APIRoute
from starlette.convertors import PathConvertor
from starlette.types import ASGIApp, Receive, Scope, Send

PARAMETER = "{}"  # stands for any segment


def has_fixed_length(context: Any) -> bool:
    """Tell whether a route is an endpoint whose path always has the same number of segments."""
    return isinstance(context.original_route, APIRoute) and not any(
        isinstance(convertor, PathConvertor) for convertor in context.param_convertors.values()
    )


class RouteIndex:
    """Calls the first route that matches a request, as the router does in `otherwise`.

    What no route here matches goes to `otherwise`, which knows what to answer.
    """

    def __init__(self, contexts: Iterable[Any], otherwise: ASGIApp) -> None:
        self.otherwise = otherwise
        # By method and number of segments, then a tree of the segments; leaves are in order.
        self._trees: dict[tuple[str, int], dict[str, Any]] = {}
        for number, context in enumerate(contexts):
            if not has_fixed_length(context):
                break  # what comes after it might be its
            segments = str(context.path).split("/")
            for method in context.methods or ():
                node = self._trees.setdefault((method, len(segments)), {})
                for segment in segments[:-1]:
                    node = node.setdefault(PARAMETER if "{" in segment else segment, {})
                last = PARAMETER if "{" in segments[-1] else segments[-1]
                node.setdefault(last, []).append((number, context))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            for context in self._candidates(scope["method"], path):
                if found := context.path_regex.match(path):
                    scope["path_params"] = {
                        name: context.param_convertors[name].convert(value)
                        for name, value in found.groupdict().items()
                    }
                    scope["endpoint"] = context.endpoint
                    scope["route"] = context.original_route
                    await context.app(scope, receive, send)
                    return
        await self.otherwise(scope, receive, send)

    def _candidates(self, method: str, path: str) -> Iterator[Any]:
        """Yield the routes whose literal segments are those of the path, in their order."""
        segments = path.split("/")
        nodes: list[Any] = [self._trees.get((method, len(segments)), {})]
        for segment in segments:
            nodes = [node[key] for node in nodes for key in (segment, PARAMETER) if key in node]
        leaves = [leaf for node in nodes for leaf in node]
        return (context for _, context in sorted(leaves, key=lambda leaf: leaf[0]))
