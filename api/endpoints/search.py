"""One search over boards, tasks and comments."""

from typing import Annotated, Any

from fastapi import Query, Response

from api.http.route import CurrentAccess
from api.resources.reads import Read
from api.resources.search import TEXT_RULES
from crud_config import RESOURCES
from models import schemas

MOST_OF_EACH = 10

READS = {name: Read(RESOURCES.at(name)) for name in schemas.SearchResults.model_fields}


async def search_all(
    q: Annotated[str, Query(description="Words to find, as in lists.", **TEXT_RULES)],
    access: CurrentAccess,
) -> Any:
    """Return the best 10 boards, tasks and comments that a list of each finds by `q`."""
    # In turn, so that one search takes no more of the database at a time than a list does.
    found = [
        f'"{name}":'.encode() + await read.best(access, q, MOST_OF_EACH)
        for name, read in READS.items()
    ]
    return Response(b"{%b}" % b",".join(found), media_type="application/json")
