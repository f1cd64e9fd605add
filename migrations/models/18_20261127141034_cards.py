from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# What a task holds of each table, by the column of the task.
KEPT = {
    "task_labels": {
        "label_ids": """ARRAY(
            SELECT label_id FROM task_labels WHERE task_id = their.id ORDER BY label_id
        )""",
    },
    "task_assignees": {
        "assignee_ids": """ARRAY(
            SELECT user_id FROM task_assignees JOIN board_users ON board_users.id = membership_id
            WHERE task_id = their.id ORDER BY task_assignees.id
        )""",
    },
    "subtasks": {
        "subtask_count": "(SELECT count(*) FROM subtasks WHERE task_id = their.id)",
        "completed_subtask_count": """(
            SELECT count(*) FROM subtasks WHERE task_id = their.id AND is_completed
        )""",
    },
    "comments": {
        "comment_count": "(SELECT count(*) FROM comments WHERE task_id = their.id)",
    },
}
# The columns of which it depends.
SOURCES = {
    "task_labels": "task_id, label_id",
    "task_assignees": "task_id, membership_id",
    "subtasks": "task_id, is_completed",
    "comments": "task_id",
}


def update(table: str, tasks: str) -> str:
    """Write to some tasks what they hold of a table, unless they do."""
    kept = KEPT[table]
    values = ", ".join(f"{value} AS {name}" for name, value in kept.items())
    return f"""
        UPDATE tasks SET {", ".join(f"{name} = held.{name}" for name in kept)}
        FROM (SELECT id, {values} FROM ({tasks}) AS their) AS held
        WHERE tasks.id = held.id
            AND ({" OR ".join(f"tasks.{name} <> held.{name}" for name in kept)});"""


def function(name: str, table: str, changed: str) -> str:
    """Return a function that writes to the tasks of changed rows what they hold of a table.

    They are locked first, in a statement of its own: the next one then sees what others have
    committed.
    """
    return f"""
        CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM tasks WHERE id IN (SELECT task_id FROM {changed})
                ORDER BY id FOR NO KEY UPDATE;
            {update(table, f"SELECT DISTINCT task_id AS id FROM {changed}")}
            RETURN NULL;
        END $$;"""


def keep(table: str) -> str:
    """Fill in what the tasks hold of a table, and let triggers keep it.

    A trigger for the rows of a statement can't be only for some columns.
    """
    return f"""
        {update(table, f"SELECT DISTINCT task_id AS id FROM {table}")}
        {function(f"keep_{table}", table, "changed")}
        {function(f"keep_{table}_of_row", table, "unnest(ARRAY[OLD.task_id, NEW.task_id]) AS task_id")}
        CREATE TRIGGER "{table}_inserted" AFTER INSERT ON {table}
            REFERENCING NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION "keep_{table}"();
        CREATE TRIGGER "{table}_deleted" AFTER DELETE ON {table}
            REFERENCING OLD TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION "keep_{table}"();
        CREATE TRIGGER "{table}_updated" AFTER UPDATE OF {SOURCES[table]} ON {table}
            FOR EACH ROW EXECUTE FUNCTION "keep_{table}_of_row"();"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        ALTER TABLE "tasks" ADD "label_ids" UUID[] NOT NULL DEFAULT '{{}}';
        ALTER TABLE "tasks" ADD "assignee_ids" UUID[] NOT NULL DEFAULT '{{}}';
        ALTER TABLE "tasks" ADD "subtask_count" INT NOT NULL DEFAULT 0;
        ALTER TABLE "tasks" ADD "completed_subtask_count" INT NOT NULL DEFAULT 0;
        ALTER TABLE "tasks" ADD "comment_count" INT NOT NULL DEFAULT 0;
        {"".join(map(keep, KEPT))}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    dropped = "".join(
        f'DROP FUNCTION "keep_{table}", "keep_{table}_of_row" CASCADE;' for table in KEPT
    )
    return f"""
        {dropped}
        ALTER TABLE "tasks" DROP COLUMN "label_ids";
        ALTER TABLE "tasks" DROP COLUMN "assignee_ids";
        ALTER TABLE "tasks" DROP COLUMN "subtask_count";
        ALTER TABLE "tasks" DROP COLUMN "completed_subtask_count";
        ALTER TABLE "tasks" DROP COLUMN "comment_count";"""


MODELS_STATE = (
    "eJztXQtz2zYS/isYtTNNWlmx3cRJk06viuO0vjr2TSI3ncY+GhIhCTVFqCRlR5fmv98u+H"
    "7JpCxKFINMRpYALAF+iwUWi13gU2sidGbYne6U98Q1M1vPyaeWSScMvqTy2qRFp9MwBxMc"
    "2jdkYTrlmoPFZDLt245FBw7kDKlhM0jSmT2w+NThAmtpdck1m5P+nNyO+WBMKHFzCRDZZC"
    "gsSJnZzOqQY/hts4HFHMJtcm2KWxPJOCSPqT0mwjTmHaxTFwOolJujah4/M/nfMwbvOGLO"
    "mFlQyYdLSOamzj4yG39+ag05M3T5vYVP17iOlPCJJdnHqcVsG97f9ol9pEPwNI/O/f9RQj"
    "yfykIt+QyAVf74jPTTa01WGWObW6lM13za8/PjV69lSQSqrw2EMZuYYenp3BkLMyg+m3G9"
    "gzSYN2Ims6jD9AgzzZlheJz3k1x8IMGxZiwARg8TdDakMwO7ROvH4cwcYE8gWJM2czj0s4"
    "GYTKnTwZSnP3ntjNBo2ulZT3t31NO0Vqo7YXsSXcBLGgDcgBk3HUT902f3uSE6MrWFFRz+"
    "2n374PuDhxIPYTsjS2ZK7FqfJSF1qBbyOIRc/k2B3gNupfD2iyYQhzYug7WfEIIdipuPnI"
    "9NBWi2JvSjZjBz5Izh5/6TJ1Bkws0waQ/flDoOs+TL//fDfy8uPu7uXn6LX2z5HT6ePbm4"
    "mA3ZcHgZ5H+dblXrzcx2iCkc0mekb1DzuuOKBJ1MDVcCW6d8NHaMOQFZE5bTulzA7t+7by"
    "XHodWS5QLGK3coO/Wy9t08ZH3IaimmGg4NaYYfjqmVLWVxqtXw/m45WxvnDx4XAPrgcS7O"
    "mBWH2R4IfEYK4q5l0Xk2xiFJAl+D284WCtcCSHtHf/Q+XCYggzkMX06jThq2V5Dj8AnLRi"
    "5OmUBP90g7/pcthLIFL6ifwUzuSckiaI/fHL3rdd/8B6ub2PbfhsSv2zvCnH2ZOk+kPjhI"
    "9OzgIeT9ce9Xgj/Jn2enR8mpJSjX+7OFbaIzR2iggmhUjwi0n+qjFuO6QW0HlYZl+J6kXQ"
    "HnvSbXhfFbwmgfk4WchjmNw+OW4HOcsoHy3SQ2RxYORXX4CMkqFfn6MvUOVR2XRsPrTE0d"
    "oUpD+1pYjI/M35irWhxDO6g5yNLTvTXxufeY7YQ0TA1HbIveBmvJaIeCd4c3Zo6r4HbfHX"
    "ZfHbmLzz4dXN9SS9diUGOO2BeJlKBsOmuyP0mmUJOOJDj4FthmD/WXAh7RyjBRuBntRfaJ"
    "PhYpZpvIh7OkDYDb2nTWN/jgrvW/2zgtKH/H0h+Hi0g1DncMVszQ4FUkKe42MSTqiauJhS"
    "sLyUrXOJvqy9QYkikzSt3G5vYCM4paweQC3uAVTFzIy3A9Tqm4XheuZ+i5XutDrt8wC4fw"
    "NMt/DzNizI4QJDiNekxFvN2rirEJ0+ahmEEOAaWCDMbUHDG7TYaWmJC9Djk2yd8z4TCbcL"
    "lHgYWujnp0dJWyf+4tMngen/YSFiNXsVtG8uKUym5QH0FLj6+BelhgdyIoq7YnqtieeM/6"
    "NncYMSgobuMqtieibSrG8gTFUoyvmfTG+b63C//yGP11ikdHMNEABvB8GGmpQybIVmCpLk"
    "zgKxsKi8kheMgtyBBD8obOO4VYKRuSy0wvN87OcAWZYuZrg47Sy5Bo+QQr+0IYVQmxvzap"
    "gpmYP4hWEhe792O5FicM+UZsPjKZvsNNub1PJnROUIeSHJOrw5RQ4lMXce/l2dlJbKh/ed"
    "xL8PD8zcsjYK9kLRTirrEkPd8Cn0SG9SlTLIOyzRPIpwlh/OrD7s4PdGfY3Xl9+engc9bY"
    "2iWIx8xqE2qTq68sazTq99P6T+ur/eGzXXi/IuL4NFcUnz7MMiLm27yiHJ5MGL50iskvPc"
    "rXv71lBs0ZbaPmrEP3UVs47eZZGWOyMGGTPmj0Yz5dBVgNs8cmRw0YE+6J0qE7sDQUIm7e"
    "cEcicE+YjoMHNRUqaLxnGl8epRN8RpMAqnzTwh/M8/YuIoP9HVsYWnSKWd9Whlt3UX/GeE"
    "s1n7i8/d/bhypXXehCWfXmRljnujc5Im+rNjvUZocye9fAGqc2O75ErqvNju3Y7IBGOZ6K"
    "Vcj8EpRuoCncN4kWM4ZnGWT2iCPgMW14DjIRlVDosmmDzIkQ1zYZCaEjAQxQVVlKowpqUT"
    "0mSqMc5xKAbswPsWa2y0rcEPu+w9o9/RADx7ft7KJ3OiJGJTTbEzHZZVcAakFjYj376dK+"
    "nVA/OT0/Odmoc6eEPs9I4vPlLgsJvmHhKNTQDv3cixWVG0djAW32EixhMALrTveXu4tEji"
    "HbYYYhNRRh6UAjhuQvwU1gUlY8anUVZZhyPgSy4I40l6u27UiMSxh2Slkejk2nhOEhQyP2"
    "+n19o+dG2ISd/b3HTx8/+/7g8TMoIpsZpDwtoNvm2xawI6VhxfDEI3M2SQ2DMYx92jqrva"
    "33uDOPAuFKldzn1UVK7ArpwgdFFNLk4jGijR4oVbSpqmhz4FS6aKN10W3F9B6BRiHU1Eav"
    "nxX4XfSofd2VD2PbaEDdyPbmoT/kpnT20OUgX2GP+DZsYC/zDk3Xa1xUy60mKsuvaD1hWX"
    "5ta9yy9KtUe5Vqr1LtWtVh10rtVX6JXFd7lduxV6kCs1RglgrMWmNgFojy1BLIXLuKqCwL"
    "Kk0z+q2XGje/eonr43NEW/VWbtgG9xP77iZ0VTzgLCbGPrwP3nT/eBgT5ZOz01/84hF2HJ"
    "6cvVThN9sbfqMM6soCvGZQV2ABLmKudKh9vQJDZYNwrthAmRt6USjqYjPxFthJCm/JB7EA"
    "HlVVcRbrjbDYRGyFiqpQlkpls6rVUlpZKr9EritL5XZYKlVURaOjKiJqaFE1JkKi1t11cW"
    "SrmUGqEiuG4y2K72nEaNjaup2wYUTEs25ObPXspFsbUBE5yyTD9hE/6STf/JE4WqVISIXB"
    "zevw6q3bscCjufA2LdQ+MHDBJjSIbkCVBS/HKXe5VxVVVHoiRgTG5Y/DkA8pZKmJVhdSKT"
    "tGreay9gI7RuMjOLoY9OQGccylxNYleGMOK1DQ4DMM9AJwpWbOdlOEbI3nLgYp6+3YKzwT"
    "Ud2nltGtV3+fGj4eFJWMfafcYLsoyVLmkvXoc61fxS0BJWgug8BwJHkhn+Le8gnJMF72mV"
    "V0eFlJZF5Mgy6D+b3wXmoE2V0W7TG9YRJupm8IW2Xrz4d6O62+RWz96hq0ZWbsOnG5kHOk"
    "8vlZse0xsngsAWmcSoGqHKnWH0rr9cH1GSK3Fda4sNbp5j73xOAMM2RwlHC+BTI8sbiux9"
    "26LVzeruffCV+4JvxZuf+VV9cava+8GpXv1XbaLNV6LBfwBq/HlO9V07iufK+2w/fKVxsK"
    "OF75Reu8JbS90YPn1gi92ioIHFQhaypk7d6qaD1Wr8rSUk9LS5GQNbkwM6A9K4hbU5cHlb"
    "CbvAV8TviEZ4avhZntRfYTxFgzsFxBDy7c4hNDh5nEFhPmXoUp6ZlObmE0BZzgGzelDxUu"
    "5mHyI7fAFnH7Qqo3smrUdc5PT85++eXoVdqFq6I6Spp5mKnL7aA77BIRBDWPZFmzxDWbp0"
    "Uo38/BK944BwdQdValLOXbI1BhmEyzDgXM3X+PkqxvmVIl7Cvec/clJgXpHVuvIVkD1/nb"
    "u653zTkpPWszmwTv3OE3a6rzsxZOdLY/fBea5bryruAdbroewlz3F+fSt+wbWDT85fCrF4"
    "QSi0Evg0XgwF3lo8MwOh7j9AM/LZjJgBJmG5blqVxNJSXnuYLx3T6Ay8V3R9writYTkpSr"
    "yqC2g43Uy1QWJVK7CrVa6C2axdWuQv7kvp325SK7CjEJL8n3JK3i/DZxXvn3NVbPTIXC0l"
    "Hx2PE4QfNs3PtPDtJKag83i9BraaeLb36FV/+g+igPK6QT+E4dqWJKY0nauv1G/I/D6z96"
    "0tklD/7Y23tBTrg5+0g+PjvQDh6/INbN873Hu53dh+QXNrgWj/Z393bh/x55DZI0FB8fyd"
    "yCOxv5YTYyryah0Fsk1Mubx9XtE/eJ3N2ws9y7WV/Gsmetg72s9sJ1sFuozieW+U1c+sSy"
    "ss5sQYVrdGcL6lQObWrp2TBVtMELEOXQ1jSuK4e27XBoUwfi18alrWtfuwHULq/VofhNPR"
    "Sfg0oskO+IX4obrw06SuuWCZKGnHeB3YkPImvF1J2zch0kxztPtcfhTxcmS8mPbOcimVnl"
    "CRrqjD51qly1kN7/VLnNWFJ6OWaU3p02lA0YUHQoi2uDYsYF17Lg01Ruy1CGDGXIUEva+i"
    "xplSHjS+S6MmRshyFD3d/4JbgwKHNVbcxV7y1YHnueEaDBEgvEiNqVmK2ijSvG+wRF81xX"
    "/IsP8u85iDGrdyvIlFp0ZNHp2CbU1H0zY2X3GChbYx1sjdEVbqlJMUK3NVMi2gsxfI1McP"
    "iCoSswFH5Zs+TU4gJG55ywt7tPs47Sr1EmT87elxQ7GdM4k0cBuAplTU60BlydWUYQXDH4"
    "Q+o1gt87e3W2DPpDaiH0eA/AQEyKSlvVDFCHOGzpIQ4y7F3jeobwnHDzmunHblYi+iBClO"
    "Ciwe3KVtQRLaI/44bDTbuD9W1Ce0CT5IfLBJrUlo7KrCygSTqF6aeki6EmowYzhng/OT6k"
    "J4lqe9r4xsKcg/1tbSmEF5ArrDOwxjt3SyMcJ1K4pnFFsEp6BsSIlG/AYt8AD7YUvKW9Aw"
    "6DB20nrHf6B8S61fLnEEXvYo9DXuYUosi17w2BO0snuCdIkUiTJoLkKpUr6EzoStL1NNSm"
    "gqWO/9rQ8V+xzpXjxxTtfIv9mTR/JVXwhJT3Y0Eo8f0cPWK8cfg5JE8Y3qpkj/m0TWzhBq"
    "Jyh+BBP+QWLZ+4GeMWIgajNyxtDqukggynqw+BE1/4zNblIlessFyBU1Pi0Gox2lX6SOUe"
    "WpWprGUowN7EfD/fqCrNRStRgPO9oOJcLY5vik6dDKbckJUbcg0m3+Qyo9Tl1pHJ4P7Ayn"
    "NkGx4unxoH6+bqnXvLTEzxvENJKnHdDF5EjaVd5cTTZPqMWhm6zuKiC7UWSbhYYfE3HQrp"
    "Kt41Kz6N0lFqpKMEjCwxjUZp1Dyq1BKlltRs4iyllhj+PHVPTJtmaEmCGh316qSISCUwQw"
    "fxlcN89QOPI1pzzJnFRtx2mFUiEky2UosRqmCwug3Zi1QMZGCJq4OixRvovL73BPdzY87r"
    "30PCXza8pz0YswnV/H4MkiOsCXViqHxONaT1PXEEPpfAiAQi4no463yEBzmLobyT3i3fJl"
    "edK/jQrmSRq52rDjmXKLUJjPUCX4MMqJ2OL29RnRbzlX6ywFP6ScpP2n8treQ9BUk6dWFB"
    "kVAC6Fw8Y6rPFMOgbANl0A0giUcP/OzHiezA594QPp4O8esPQz9m5Luf3VKdO4o9uLjoFC"
    "v5MDP8JFsiMXoMxtwpvBezvbecmQYGn7jRZHMxs4i4NYmw8DuhFgMpJ1SfZB3UCfL8s5eA"
    "c0sVgSuyB5UV7BiRkuoiONMbmHktbWYVFe04QRPle1faSaIC/mDsOFP7+aNHYUBYIJdBWN"
    "jFxUXrmx9/gj8Xjy6/K1jy8tt/HtEpf+Siaheu4F9fXX4HI4V9M3qY6YpskivZ5ity/vaE"
    "yKOR4IXGIPQ6s8hVrE6YxxGX525EGh84MxB+HZYvpht8isn+lJkeC2KPgoEB21RsQACc83"
    "uqzEwd/iPHo4zlZs7BP0HxL/DQH+QYmdA50QVhN8yay2ur2gRWBvInkZetbfQsIJ3biPRS"
    "kcdx0u2Js3rHzQELXQIklwbU/MY9GJtw84V8qnebChSZY3aHvBvj7AyquuzTdtstJQ89g7"
    "8C2V40hKdJ8Vpjao+hF0ypbd+KrDsW85WFDNImzmZVKA0pQ0wZ0U0RqxM76iJyRc5pUSd2"
    "bObEjtS+RhEXZNDNNHl51z19IbtT3sPHbKEoFvIZdS+eXY3DtnSuKO61XbMoyEJwhb4Vq8"
    "CqYY4oWeFCa4sB2MbexM0b7kgE7gnTcfCgpnan6KWR94iWCO+nbApIVe6RdhksusetjF1S"
    "L6e9aJ+UhmWq3ChVjk/rdHzKVYLzl5v5arBaZubZpqcZzq75CHvFG4ju3u5ukd3TxedMpQ"
    "/6MJ3MC+3+/e7sNC/eNiBJLtr5wCH/kCqPN9iMtxmCEVuZp46WSp4i1Y4vufEBL8ut31Y/"
    "mX3+PxUmyhk="
)
