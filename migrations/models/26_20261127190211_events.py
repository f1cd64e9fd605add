from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

EVENTS = """
        CREATE TABLE "events" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "board_id" UUID,
            "task_id" UUID,
            "actor_id" UUID,
            "kind" VARCHAR(40) NOT NULL,
            "record" VARCHAR(20) NOT NULL,
            "record_id" UUID NOT NULL,
            "before" JSONB,
            "after" JSONB,
            "request_id" VARCHAR(128),
            "created_at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
        );
        CREATE INDEX "events_board_id_id_idx" ON "events" ("board_id", "id");
        CREATE INDEX "events_task_id_id_idx" ON "events" ("task_id", "id")
            WHERE "task_id" IS NOT NULL;
        CREATE INDEX "events_record_id_idx" ON "events" ("record_id") WHERE "task_id" IS NULL;
        CREATE INDEX "events_created_at_idx" ON "events" USING brin ("created_at");
        CREATE TABLE "event_log" ("epoch" UUID NOT NULL PRIMARY KEY);
        INSERT INTO "event_log" VALUES (gen_random_uuid());"""

# As responses show a field. A day is shown as it is.
SHOWN_FIELD = """
        CREATE FUNCTION "shown_field"(line jsonb, name text) RETURNS jsonb LANGUAGE sql STABLE
        RETURN CASE
            WHEN name !~ '_(at|date)$' OR length(line ->> name) = 10 THEN line -> name
            WHEN line ->> name = '-infinity' THEN '"0001-01-01T00:00:00Z"'
            WHEN line ->> name = 'infinity' THEN '"9999-12-31T23:59:59.999999Z"'
            ELSE to_jsonb(replace(to_char(
                (line ->> name)::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
            ), '.000000Z', 'Z'))
        END;"""

# The board of a row: of a task by its column, of what is under a task by that.
BOARD_OF = """
        CREATE FUNCTION "board_of"(line jsonb, way text) RETURNS uuid LANGUAGE plpgsql STABLE AS $$
        DECLARE
            board uuid;
        BEGIN
            IF way = 'column' THEN
                SELECT board_id INTO board FROM columns WHERE id = (line ->> 'column_id')::uuid;
            ELSIF way = 'task' THEN
                SELECT board_id INTO board FROM tasks JOIN columns ON columns.id = column_id
                    WHERE tasks.id = (line ->> 'task_id')::uuid;
            ELSIF way = 'board' THEN
                board := line ->> 'board_id';
            ELSIF way = 'self' THEN
                board := line ->> 'id';
            END IF;
            RETURN board;
        END $$;"""

# A place among siblings: the shown one before it, and how many there are if that is asked for. The
# row itself isn't one of them, though it may have moved to before the place that it had.
PLACE_OF = """
        CREATE FUNCTION "place_of"(line jsonb, way text, counts boolean) RETURNS jsonb
        LANGUAGE plpgsql STABLE AS $$
        DECLARE
            own CONSTANT uuid := line ->> 'id';
            parent CONSTANT uuid := line ->> (way || '_id');
            place CONSTANT text := line ->> 'rank';
            neighbour uuid;
            earlier bigint;
        BEGIN
            {branches}
            END IF;
            IF counts THEN
                RETURN jsonb_build_object('position', earlier, 'after_id', neighbour);
            END IF;
            RETURN jsonb_build_object('after_id', neighbour);
        END $$;"""
BRANCH = """IF way = '{way}' THEN
                SELECT id INTO neighbour {before} AND id <> own ORDER BY rank DESC LIMIT 1;
                IF counts THEN
                    SELECT (SELECT count(*) {before}) - (SELECT count(*) {before} AND id = own)
                        INTO earlier;
                END IF;"""
SHOWN = " AND deleted_at IS NULL AND archived_at IS NULL"
BRANCHES = "\n            ELS".join(
    BRANCH.format(way=way, before=f"FROM {table} WHERE {way}_id = parent AND rank < place{shown}")
    for table, way, shown in (
        ("tasks", "column", SHOWN),
        ("columns", "board", SHOWN),
        ("subtasks", "task", ""),
    )
)

# What an update is called, or NULL if nothing that is shown has changed.
VERB_OF = """
        CREATE FUNCTION "verb_of"(old_line jsonb, new_line jsonb, names text[]) RETURNS text
        LANGUAGE plpgsql STABLE AS $$
        BEGIN
            RETURN CASE
                WHEN (old_line -> 'deleted_at' = 'null') <> (new_line -> 'deleted_at' = 'null')
                    THEN CASE new_line -> 'deleted_at'
                        WHEN 'null' THEN 'restored' ELSE 'deleted' END
                WHEN (old_line -> 'archived_at' = 'null') <> (new_line -> 'archived_at' = 'null')
                    THEN CASE new_line -> 'archived_at'
                        WHEN 'null' THEN 'unarchived' ELSE 'archived' END
                WHEN old_line -> 'rank' <> new_line -> 'rank'
                    AND current_setting('corkboard.renumbers', true) IS DISTINCT FROM 'on'
                    THEN 'moved'
                WHEN 'is_admin' = ANY (names)
                    THEN CASE new_line -> 'is_admin' WHEN 'true' THEN 'promoted' ELSE 'demoted' END
                WHEN 'disabled_at' = ANY (names)
                    THEN CASE new_line -> 'disabled_at'
                        WHEN 'null' THEN 'enabled' ELSE 'disabled' END
                WHEN 'uses' = ANY (names) THEN 'used'
                WHEN names <> '{}' THEN 'updated'
            END;
        END $$;"""

# Whether a row that was deleted had ended before, or went with another one: nothing is to be said.
IS_SILENT = """
        CREATE FUNCTION "is_silent"(line jsonb, noun text) RETURNS boolean
        LANGUAGE plpgsql STABLE AS $$
        BEGIN
            IF noun IN ('session', 'token', 'invitation') THEN
                RETURN (line ->> 'expires_at')::timestamptz <= now()
                    OR (line ->> 'uses')::int >= (line ->> 'max_uses')::int
                    OR NOT EXISTS (SELECT FROM users WHERE id =
                        coalesce(line ->> 'inviter_id', line ->> 'user_id')::uuid)
                    OR (noun = 'invitation' AND NOT EXISTS (
                        SELECT FROM boards WHERE id = (line ->> 'board_id')::uuid));
            END IF;
            RETURN line ? 'label_id' AND NOT EXISTS (
                SELECT FROM labels WHERE id = (line ->> 'label_id')::uuid);
        END $$;"""

# What is gone for good leaves no values in the log.
FORGET = """
        CREATE FUNCTION "forget"(noun text, key uuid, task uuid) RETURNS void
        LANGUAGE plpgsql AS $$
        BEGIN
            IF noun = 'board' THEN
                UPDATE events SET before = NULL, after = NULL
                    WHERE board_id = key AND num_nonnulls(before, after) > 0;
            ELSIF task IS NULL THEN
                UPDATE events SET before = NULL, after = NULL
                    WHERE record_id = key AND task_id IS NULL AND num_nonnulls(before, after) > 0;
            ELSE
                UPDATE events SET before = NULL, after = NULL
                    WHERE task_id = task AND (record_id = key OR noun = 'task')
                    AND num_nonnulls(before, after) > 0;
            END IF;
        END $$;"""

ADD_EVENT = """
        CREATE FUNCTION "add_event"(
            noun text, verb text, key uuid, task uuid, board uuid, old jsonb, new jsonb
        ) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO events (
                record, kind, record_id, task_id, board_id, before, after, actor_id, request_id
            ) VALUES (
                noun, noun || '.' || verb, key, task, board, old, new,
                nullif(current_setting('corkboard.actor', true), '')::uuid,
                nullif(current_setting('corkboard.request', true), '')
            );
        END $$;"""

# Before an event gets its id, its board is locked, which our own statements have done: so the ids of
# a board's events are in the order in which they are committed, and whoever has read one misses no
# earlier one. A row that leaves a board for another is an event on each, with what that had of it.
#
# The arguments of a trigger: the record, the column of its id, the way to its board, what it is to be
# created and to be deleted for good, and the fields that are logged. Nothing else ever is.
LOG_CHANGE = """
        CREATE FUNCTION "log_change"() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            noun CONSTANT text := TG_ARGV[0];
            way CONSTANT text := TG_ARGV[2];
            names text[] := TG_ARGV[5:];
            old_line jsonb;
            new_line jsonb;
            line jsonb;
            verb text;
            key uuid;
            task uuid;
            board uuid;
            old_board uuid;
            old_fields jsonb;
            new_fields jsonb;
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                old_line := to_jsonb(OLD);
            END IF;
            IF TG_OP <> 'DELETE' THEN
                new_line := to_jsonb(NEW);
            END IF;
            IF way = 'column' THEN
                IF old_line ->> 'due_day' IS NOT NULL THEN
                    old_line := old_line || jsonb_build_object('due_date', old_line -> 'due_day');
                END IF;
                IF new_line ->> 'due_day' IS NOT NULL THEN
                    new_line := new_line || jsonb_build_object('due_date', new_line -> 'due_day');
                END IF;
            ELSIF TG_TABLE_NAME = 'task_assignees' THEN
                SELECT old_line || jsonb_build_object('user_id', user_id) INTO old_line
                    FROM board_users WHERE id = (old_line ->> 'membership_id')::int;
                SELECT new_line || jsonb_build_object('user_id', user_id) INTO new_line
                    FROM board_users WHERE id = (new_line ->> 'membership_id')::int;
            END IF;
            line := coalesce(new_line, old_line);

            IF TG_OP = 'INSERT' THEN
                verb := TG_ARGV[3];
            ELSIF TG_OP = 'DELETE' THEN
                verb := TG_ARGV[4];
            ELSE
                names := ARRAY(
                    SELECT name FROM unnest(names) AS name
                    WHERE old_line -> name <> new_line -> name
                        -- An author who is gone is no change of a comment.
                        AND NOT (name = 'user_id' AND new_line -> name = 'null')
                );
                verb := verb_of(old_line, new_line, names);
            END IF;
            IF line IS NULL OR verb IS NULL THEN
                RETURN NULL;
            END IF;

            key := line ->> TG_ARGV[1];
            task := line ->> CASE way WHEN 'column' THEN 'id' WHEN 'task' THEN 'task_id' END;
            board := board_of(line, way);
            IF old_line -> (way || '_id') <> new_line -> (way || '_id') THEN
                old_board := nullif(board_of(old_line, way), board);
            END IF;
            IF TG_OP = 'DELETE' THEN
                IF verb IN ('purged', 'deleted', 'revoked') AND (way <> 'task' OR board IS NOT NULL)
                THEN
                    PERFORM forget(noun, key, task);
                END IF;
                IF is_silent(line, noun) THEN
                    RETURN NULL;
                END IF;
            END IF;
            IF old_board IS NOT NULL THEN
                PERFORM FROM boards WHERE id IN (old_board, board) ORDER BY id FOR NO KEY UPDATE;
            ELSIF way IN ('board', 'column', 'task') THEN
                PERFORM FROM boards WHERE id = board FOR NO KEY UPDATE;
                IF NOT FOUND THEN  -- the row went with what it was in
                    RETURN NULL;
                END IF;
            END IF;

            IF old_board IS NOT NULL OR verb IN ('deleted', 'restored') THEN
                names := TG_ARGV[5:];
            ELSIF verb = 'moved' THEN
                names := array_remove(names, way || '_id') || (way || '_id');
            END IF;
            SELECT jsonb_object_agg(name, shown_field(old_line, name)),
                    jsonb_object_agg(name, shown_field(new_line, name))
                INTO old_fields, new_fields FROM unnest(names) AS name;
            IF TG_OP = 'INSERT' OR verb = 'restored' THEN
                old_fields := NULL;
            ELSIF TG_OP = 'DELETE' OR verb = 'deleted' THEN
                new_fields := NULL;
            END IF;
            IF TG_OP = 'DELETE' AND verb IN ('purged', 'deleted', 'revoked') THEN
                old_fields := NULL;
            END IF;
            IF line ? 'rank' THEN
                IF verb = 'moved' AND old_board IS NULL THEN
                    old_fields := old_fields || place_of(old_line, way, true);
                    new_fields := new_fields || place_of(new_line, way, true);
                ELSIF TG_OP = 'INSERT' OR verb = 'restored' OR old_board IS NOT NULL THEN
                    new_fields := new_fields || place_of(new_line, way, false);
                END IF;
            END IF;

            IF old_board IS NOT NULL THEN
                PERFORM add_event(noun, verb, key, task, old_board, old_fields, NULL);
                old_fields := NULL;
            END IF;
            PERFORM add_event(noun, verb, key, task, board, old_fields, new_fields);
            RETURN NULL;
        END $$;"""

TRIGGER = """
        CREATE TRIGGER "{table}_logged" AFTER INSERT OR DELETE{updates} ON "{table}"
            FOR EACH ROW EXECUTE FUNCTION "log_change"({arguments});"""


def trigger(table: str, about: str, fields: str, columns: str) -> str:
    """Log a table: the first arguments of the trigger, the fields, and the columns to look at."""
    arguments = ", ".join(f"'{word}'" for word in f"{about} {fields}".split())
    updates = f" OR UPDATE OF {', '.join(columns.split())}" if columns else ""
    return TRIGGER.format(table=table, updates=updates, arguments=arguments)


BOARD = (
    "title description is_public is_template viewers_can_comment color limits_are_advisory "
    "time_zone archived_at"
)
COLUMN = "title color task_limit archived_at"
TASK = "column_id title description due_date priority status color archived_at"
SUBTASK = "task_id title is_completed"
COMMENT = "task_id user_id content"
BOARD_COMMENT = "user_id content"
LABEL = "name color"
MEMBER = "user_id role"
INVITATION = "board_id inviter_id role max_uses uses expires_at"
USER = "username avatar_url is_admin disabled_at"
SESSION = "user_id expires_at"
TOKEN = "user_id name scopes expires_at"  # noqa: S105  # no password

# fmt: off
TRIGGERS = "".join(trigger(*each) for each in (
    ("boards", "board id self created purged", BOARD, f"{BOARD} deleted_at"),
    ("columns", "column id board created purged", COLUMN, f"{COLUMN} board_id rank deleted_at"),
    ("tasks", "task id column created purged", TASK, f"{TASK} due_day rank deleted_at"),
    ("subtasks", "subtask id task created deleted", SUBTASK, f"{SUBTASK} rank"),
    ("comments", "comment id task created deleted", COMMENT, COMMENT),
    ("board_comments", "board_comment id board created deleted", BOARD_COMMENT,
     f"{BOARD_COMMENT} board_id"),
    ("labels", "label id board created deleted", LABEL, f"{LABEL} board_id"),
    ("board_users", "member user_id board added removed", MEMBER, f"{MEMBER} board_id"),
    ("task_assignees", "task task_id task assigned unassigned", "user_id", "task_id membership_id"),
    ("task_labels", "task task_id task labeled unlabeled", "label_id", "task_id label_id"),
    ("invitations", "invitation id none created revoked", INVITATION, INVITATION),
    ("users", "user id none created deleted", USER, USER),
    ("sessions", "session id none created ended", SESSION, ""),
    ("api_tokens", "token id none created revoked", TOKEN, TOKEN),
))
# fmt: on


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {EVENTS}
        {SHOWN_FIELD}
        {BOARD_OF}
        {PLACE_OF.format(branches=BRANCHES)}
        {VERB_OF}
        {IS_SILENT}
        {FORGET}
        {ADD_EVENT}
        {LOG_CHANGE}
        {TRIGGERS}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP FUNCTION "log_change" CASCADE;
        DROP FUNCTION "add_event", "forget", "is_silent", "verb_of", "place_of", "board_of",
            "shown_field";
        DROP TABLE "event_log", "events";"""


MODELS_STATE = (
    "eJztXYtz2zbS/1cwameaXGXHdvxIk5v7KjtO6qtjfxPLTediHw2LkISaIlSSsqKm+d8PC/"
    "D9kEhJlCganY5jk1iC/C0WWCz28bUxYDox7O3WkLbZAzEbr9HXhokHhP+SuNdEDTwcBnfg"
    "goPvDdEYD6nmQDNxGd/bjoU7Dr/TxYZN+CWd2B2LDh3KoJdGCz2QCbqfoHGfdvoII3kXcS"
    "IbdZnFr4xsYm2jM/63TToWcRC10YPJxiaQUX65j+0+YqYx2YY+ddbhnVKzV87jRyb9c0T4"
    "N/aI0ycW7+TzLb9MTZ18ITb8+bXRpcTQxe8NeLpGdaDkP6El+TK0iG3z77c9Yg/pADzNpZ"
    "P/fxEQT4aiUUM8g8Mq/vgG9MMHTXQZYZvsVFzXPNrr67O370RLAOpe6zBjNDCD1sOJ02em"
    "33w0ovo20MC9HjGJhR2ih5hpjgzD5bx3SeLDLzjWiPjA6MEFnXTxyIAh0fhnd2R2YCQg6E"
    "kbOZSPsw4bDLGzDVeO/uW+Z4hG0y4u29rVaVvTGonhBO8TGwLupQ6Hm2NGTQdQ//pNPjdA"
    "R1xtQAcnv7Q+Pnt5+FzgwWynZ4mbArvGN0GIHawFPA4gF/8mQG9zbiXw9prGEOfvOA/W3o"
    "UA7EDcPOQ8bEpAszHAXzSDmD2nz//cOzjgTQbUDC7twpdixyGW+Pj/fv7vzc2XnZ3bf8Av"
    "tvid/3h1cHMz6pJu99a//33yrRofRraDTOage4LuDWw+bEuRwIOhISWwcUF7fceYIC5rzH"
    "Iat1PY/Vvro+A4f2vBcsbnKzmVXbi39uQ9YH3AaiGmGkwNSYaf9LGVLmVRquXwfracrYzz"
    "h/s5gD7cz8QZbkVhtjsMnpGAuGVZeJKOcUASw9egtrOBwjUF0vbp7+3PtzHI+BoGH6dhJw"
    "nbW37HoQOSjlyUMoae7pJue79sIJQN/oH6JV/JXSmZBu3Zh9OrduvD/0N3A9v+0xD4tdqn"
    "cGdPXJ3Erj47jI1s/yHo01n7FwR/ov9cXpzGlxa/Xfs/DXgnPHKYxlUQDeshgfaueqhFuG"
    "5g2wGlYR6+x2mXwHn3lavC+A1htIfJVE7zNY3yx83B5yhlDeW7TmwObRzy6vAhkmUq8tVl"
    "6gxVHbZG3YdUTR2gSkL7jlmE9sxfiVQtzvh7YLOTpqe7e+Jr9zGbCWlwNZixLTz295LhAc"
    "W/nX8xcaSC27o6ab09lZvPe9x5GGNL1yJQwx22x2JX/LbJW4O9QfwKNnFPgANfAe/son7M"
    "+CMaKSYKeaM5zT5xD03y2Say4SxoA6C2NhzdG7Qza/8vX07z28/Y+sN0EerGoY5BNGbpck"
    "zONje43YXoZpsbYn1GVcbcXQZkhXscDfV5egzIlEmlavN0c4pJRe1mMgGv8W4mKuRFuB6l"
    "VFyvCtdTdF737QOuPxILpvAky38LbkSYHSKIcRp0mpJ4u1sWY2NmzhM24ncQVzBQp4/NHr"
    "GbqGuxAdrdRmcm+nPEHGIjKs4roNHdaRv37hK20N1pxs+zi3bMeiSVvHkkL0qpbAjVEbTk"
    "/IqtTp8+zsXmGOnG8LnxqU9MEJcxtpH3EU3ELPGsxMlh/ceAUPtznlb5bdVxVRnHVZ/IvU"
    "0dggzMlfd+KcdV0b1hlOVXzHJ+JZN0rgdEs3nvSnKFWT/jMCUiux6gzz60fn8ekd/zy4v3"
    "XvMQA07OL48Ty2nwmvlELUYxl8BVbOWMytvuDv8vS8C+T8jGKVfyOAb8+VzLwQ4agDhxUd"
    "KZyeWJdJlFhPrTpRa/wbroA55s5xIh8SKZQuTejbIzsOQkmPnOwL2kCSDcPsbKe8aMsiZP"
    "zy5QBjPhfifcSWKZBZsYIsA3ZNOeSfQtago3GzTAEwT7F8ExYZlJTIbw1GncO768PI+I6f"
    "FZXA6vPxyfcvYK1vJGVBotk7ou545DeMcc/Pz8DFOskKP+lTWy1Geau+UAyWMgix02pCTJ"
    "SvHOK+LlIyVjvhvUOtjk/BoMiJmi2abyNIPyifH2t7PTT6cfbSGhLgpr5SfnD0tRVVKXTL"
    "9t/RbLo9hC+d3nna2f8Fa3tfXu9uvhtzR9s4UAj5HVRHyjc/edZfV69/dJu0Dju73uqx3+"
    "fXmWyqPMZfIovkQadEAdW8MW4ZuRR2oza5JTEDMon5gg3jnYftAEFnfC65RvWC3TXqswwk"
    "Ze+4srXLm3i6H2q9syNq7bJ2WdbsQd3VLkzkRnrYsWgo9H8PFNxNUe6Xesj7jCiic2ImZy"
    "mWycjiw2JC+OiWVQM5c8zvShSxx9Z5/UhudcMe+nuNsdu5Tvfv1IuPKTvjcJH8KeBAvphh"
    "kHss7GIwIxIIN7rjP06XAZYNXMiyC+jvNJYUGUTuTMUlOIqPlIHYHAgjCd+Q+qK1T85V2H"
    "jvlROodn1Amg0l1tvMk8y+MmNNnPcLzRwkvM6hxwZN95o3Cib6p5xMU9VVzvqWLdBYE/Zb"
    "vhBH2u2h0n9LXKLUe55SgHjQqcGSq3nKfIdeWWsxluOfylnFSTdoZB1G9dwwN77wAx35F9"
    "mol0F84tdnea/DnARFBC+ZBNGmbOGXuwUY8xHQj4BFXWuWJYQc2rx4RpVLhHDNC1Rc9U7D"
    "ShlOCZey/MYsHoGT9cYzOH6MzwmbCEpsfPxIfsEkDNaUys5jidOyKJ948urs/P1xqSJKDP"
    "MpJ4fJllIYEvzJ07JbBDv3ZPGoSbRZ/xd3YvWMwgiHkHEdLnAp3x2w4xDKGhCAcv8Jz5g1"
    "GTMykti0p5HaWYcj77siBnmttl23YExgUMO4UsD2emU8DwkKIR5/CiW2/Ohx68wtbe7v7R"
    "/quXh/uveBPxmv6Voxy6bbZtAQZSElZIqnFqjgaJaTCCsUdbZbW38Qn82EAgpFQJnwud5X"
    "RBjunCh3kU0vjmMaSNHipVtK6qaH3gVLporXXRTcV0gfD4UCiODT6yS/C7aGP7oSUeRjbR"
    "gLqW480Tb8pN6OyBy0G2wh7ybVjDWeYMTdd9ubCWW2YuAa+7VSYT8Ppc4fGl16U6t1Tnlu"
    "oEqwonWOrc8ilyXZ1bbsa5pUon8BRCyVU6AZVOQKUTqEw6AT6dDy0GzLVVLoH1zOBl5BKw"
    "OLOTgH90r0aPQdyLK4y9CnaKrgUF3kH+hDljHfvEUrigAlM3NDA1iKtM4R6/d+7dis5bEa"
    "q5tgVV46M4voU1Sbyd5003Izz1FzZGA2xOEAAi9glwatnHj0Sm5cAWMX9wMjShMHsPim0g"
    "1HGkOj+rwlnP7POzPIc9QngWP+apEc4lH+9kBq7lillbT7SaWHLyOjT5kVQuVVlRaquNT1"
    "tHZJqKSVNnO8rKXynDkzrbeYpcV2c7m3G2o2LSah2TFlJD86oxIRK1766KG3DFzE+lWDEc"
    "d1O8oBGjZnvrZsyGERLPqrkAV3OQbmw42uljhtlD3mhOM3qQx9wmDzDpC30Dgrowsti4ic"
    "YW5SueKJ4NqgbHudfjCxm0gGLaohv0bEB7ljB0oRu3w5vG87TAs6U+/8a8MUXwDVeFABiZ"
    "7vSe8OXUJNuo3We225VMcyvM21S3IZFfJICN/0EtkSeV95mzLHghU8Ex7T2VOLKf9vZevj"
    "za23l5+Opg/+jo4NWOH1CWvDUtsuz47D0oqREdZ3a02RoPGFbnqWIRGPJ9LvT8jfQ34imo"
    "yyyEOx2xd1jcYaWAKrQ2zXJFgLdhXuIvLE/GKLhqGMzs8cmJNRHl04s5WSnefApnRXXPME"
    "31Ef/UZ0inOsc6NLZhxubrM9/5w8pAjO5KQX/gn5gEPF8Uq0db5Y2yjGL1ppS5glf3d3Ls"
    "XPezt637iT2rRTos7TgTYE8f5wFFpcGGKQVGBSgf8pXnQnwvD+J72YjvZSBecHKJEFXfUi"
    "DQp7qr+Ln4Cw8HoSvKKO4fbJESYaVzjCx/kkT+31eXFxmai08Rt3fTjoP+Rga1q+PSIqcY"
    "uQPQhdeQ9LddHGMAKGLpTniGxZ3AYsyAB8Q9w3DXSdsyZzPDJ9hUXlAb2ZQvYBVliEU4Ir"
    "aTOjlNWxHCVBX23BPT0t3vWx/lC2+dvb0Lpihxab6UEnuv8hiU915lm5PhXuys4MmdzfoB"
    "AkVVpM08tMs6qk0YbddoEDtnvUaWTQzuNWeaxTTDbTbTMgayCf14EgluJ/wBiD+Az54mE7"
    "U+oISZWATAuMXllS/Nr4UVS9T9sNg4aRFb4nMXMFmRIev0i2h8PsFafVyEW8v+Rri1VERu"
    "znQyGDKHmJ0JRHWkSE+sxVQZokFb7YFMchuZ3eVM2lMg4EoX5VUw3w/12diPwjLtMbHAvD"
    "WmfJCNHGHH1SdgcpGWGBtclB/IMLkwltbJ1PRmHIPpyc1Ci98M77U4tFHPuaW5sCm79Krs"
    "0g8kpW5WttbqNq+yEWP+gLrlx7B5Sn4f2ynr2OzNgUdXQ7wP93PAPbMA1dNW/pcSvVYh7T"
    "5XBLDtYGeUEt1wNcCGkblqBFT1Ca7aerl3dOivFvDHtPXh6kPr/Dwt8klPWQHAty7rUFKf"
    "fwmoGIyrDuokjqxHmXcZ8NrXAeuyZ3+DdfyQprz4hmnqh3EpGo3nk5AyAbcsC0+mezKkTc"
    "CVsj8vY+qAzfbn26r4ZW6QKjK/Y6ZKJLqIG2GO2NJSjT9BPck0w0+k2uQUo0+0vGUee49B"
    "zQdw8JOp5Md9RsCJoy8PnSB5vO256G2jM3D6Yw9ga7fRA9dNhWsgGDthjyYsnmnWnjK6KL"
    "UqYQjG+UsSiofkivcMdxdQqWjISk28zSn2o9pn0W9B4QmZSH8iJLYqCfQnfNM8oCn67jHj"
    "uGIzQxMLkdWk5P00m+gSi9PDzFzYkBelWs5AX6/VuuRtHDye6ykp24tM006YpMLGnSC3DU"
    "QDwEwSdpDml/l8eZ/bs2s51VEiGnQRzBfCe64ZZGdetEV0BcCd3zdiydgqw3Q21PVyQ4kY"
    "+74MKX/aHFyPUtaQ6xvC5VzHESpz2JK9jUObxwKQRqkUqCod2+rLGbljUBkiZ8EaFdYq2S"
    "LP8T0xGilmSHmjOc0CaUCTdZXpaeYx7sk3nN+uB88pUq3H7S8gKz2jm9vjCvO5uT2qbG6b"
    "ab9Ue7NMwGu8N1PZ3OrG9ZS9msrmVsFsbuLfBANSU7l5Tat8PDS/a05zzdU7rq0e5OgpoX"
    "BHVEuMOWlm1O2I0qiyHapgxJyStXkFI5QBUdm6qmCUWU7pAbEdNvj7LKH+gG9zqQnipRYh"
    "+MjxkbVlUqxXwc3mNAsWYCyr0OT0oYNDVtaFPHk2GxCnz1FBgp7oIoyR48R/o6bwYvNiiM"
    "ecLWz8RubVE3n0uIZ5fXF++f796dukE11JfRQ0tBFTt3PER4YQ1FySeY1B64zMq5CLyRK9"
    "2LOtQKAwDIZOEQ+IMMnqNoflxxQtzevBk5gEpDMOvwOyGlpXNteaIo1oFckXcCWn37Slzr"
    "s1daGzvek71yrXQjbXFLeoKX20IQGgNIkI774f+KbhD4fevRFZMGRwv8x2KfNgjPsUlh/+"
    "pwXx/TaCPJlpvuLldFJwnctZp8cDcL46PSEHl7z9BCTFujKw7cBL5klu4HcWJlJnOZXa6E"
    "1bxdVZTvbivplW/TxnOREJL8j3OK3i/CZxXnlY1lbPTITO4l7+GkBRgvrZuPcODpNKqsjS"
    "CH5jWy348rsgcxvrWXggs0aBiimMJUnr9gf2F+Wf/+Jgewc9+3139w06p+boC/ry6lA73H"
    "+DrMfXu/s72zvP0XvSeWAv9nZ2d/j/u+gdl6Qu+/JC3M15npQd6CTuqdBpFTpdLeN4RUOn"
    "r0b3oiZR2j7YvdWcug+WjapcedZ7xbkrzxZ1IfQ7XKETod+nciNUW8+aqaI13oAoN8K6cV"
    "25EW6GG6FDnbS8E6nbQb+tciQsw5GwZT/IEHbJ6zI8Ci3ecZLZH92r0Zwi7sXV8Tqky7iq"
    "N7yD/AlTyDo0mVI8DClXiRnwHfBLcOOdIXMVRnXLGElNMo7AcKKd0F4xWZNBJMgXpcGkag"
    "/TH2T6TsiPeM9pMrPMHCaq1rKqDlwupItXB16PJaWdYUZpz7ShrMGAovO2sDfIZ1yQlgWP"
    "pnRbhjJkKEOG2tJWZ0urDBlPkevKkLEZhgypAM0jeVHKJUhexc68N1fQkvMrtjp9+jgXm2"
    "OkG8NnvzChKGflfoSoZgvPWryU58aNAWWyrIzJ8pNFHeLXNbSRxadSbJdiuhScLBoNHSNS"
    "4dDFjZXh18wnczGK+rmN7e7w/7Ik7fuEkLTHDA2xhXsWHvZtUaDQNfFv5xIU0V12Qmt5V9"
    "n5Kyg6IetSIYU0RLc5akoLwfsIxQQjHU+abq0GiEODqFJYJURoNITgQFPtL2aSuyeowEj+"
    "pgSlwrCYNiTSAlMjI6Iyo2EZMgm8iknU0KKMqxwZ8byzCyWE6Vc44Z1ffio4p4lg7ZHILC"
    "N3yhUplpBVMzAf/Jm1A8sEv3359nIe9LvYkuXgbdRhg2Sg4XoYoLLTbGh2GpHPI73e2zk1"
    "H4h+Jm/FwqpCRPOVe1tURbsfUcOhpr0N/a1DNUutAodtEYFBigIap1OYfo37TmsiHDpliv"
    "cuR6f0OFFlC1nkn2mWXbXCc9zR5kJ4CrnCOgXrAdeZCiMcJVK4JnEFsAq6PEWIlNPTdKcn"
    "F7YEvIXdnk78B20mrDMdnyLDav4Ea67UL5he7UQ+pUZwp+kEC4IUCqGrI0hSqVzCYAIfuZ"
    "arodYVLJXXcE15DSODK8NBMzz4pjtqat5OKmfqp099hjDyHLhdYh057DW/PCBQsM/u02ET"
    "2UxG2FNHWo7HcPoNtmPZCBkEP5KkOayUDlK8ST/73snBMxu303xMg3Y50kFFodUitMt0/s"
    "zMxpeqrKUowDkOSteb+3ApCnC2e2eUq/nxTdCplIcqvkLFV1Rg8Y1vM2bGV0Sq7QaLweLA"
    "igTZNc8DkpgHqxbDklnALKJ4zlCSClQya7SQaC2VE1eTuSfYStF1pjedqrUIwukKi3fokE"
    "tXcat2eTRKR6mQjuIzssAyGqZR66hSS5RaUrGFs5BaYnjr1IKY1s3QEgc1POtVSRERSmCK"
    "DuIph9nqB+RZW3EwrUV61HaIVSDEVbylFiFUUa5Vm7KnqRjAwAKV6MLNaxiRsXsA57mRiI"
    "yX/MIfNv9Ou9MnA6x545hLDrMG2Img8i3xIo2XyGHwXMRnJC4i0n1cpz3IUM+6/K8Jku2b"
    "6G77jv/Q7kSTu627bXQtUGoiPtcz+AzUwXYycUYD6zifI/rBFDf0g4QTuvdZWsECLHE6VY"
    "klT3wMH1w0ZalPFUO/bQ1lUEZFRUMzfvaCn7b4z90u/3HUhV9/6nqBUD/+LFttz2j27OZm"
    "O1/L56kxVekSCWGxfM4d8u8itvuVI9OAiCoZJjthIwuxsQnO9fx3hC3CpRxhfZCWgZjL88"
    "/uBVhbyojGEiOoqGBHiJRU58EZP/KV19JGVl7RjhLUUb53hJ0kLODP+o4ztF+/eBFEOfpy"
    "6cc63tzcNH7457/4Pzcvbn/M2fL2H3+/wEP6QqJq5+7g/767/ZHPFPZj73mqK7KJ7sQ736"
    "Hrj+cyYoZ/UJ8LvU4sdBfpk6/jgMtrGWZJO86IC7/Oty+mjKqHy96SmZwLIo/iEwO8U74J"
    "geOcPVLFzURWMzEfpWw3MzKa+c2fYDYz4Bga4AnSGSKPxJqIenxNxHcG4k8ZKrXWJGc6tQ"
    "HpuVIqREk3J4jtipodErgECC51sPmDzPiPqPlGPNUtE8WbTOD2Nrrqw+rMVXUxpu2mbCWy"
    "OfJ/GbA9bwhPnSLd+tju81EwxLY9ZmnFY7OVhRTSOq5mZSgNCUNMEdFNEKtURFURuTwJqF"
    "QqovWkIkqca+RxQea6mSaqEi7oC9ka0jY8ZgNFMZfPqKyovRyHbeFckd9ru2JRkLngCnwr"
    "loFVzRxR0sKFVhYDsImjiepkMOTzpNmZgO1mQazOgqe5CXvqOK6o+UgdgcSicPkPqitU4Q"
    "rCC0SYBMWK6wJSmefKLWLRTr+RcrLs3mlOO1vGQZsyD5eVs9gqncUyNw7ZW/TsrYPammfZ"
    "84cpDsLZCLvNa4ju7s5OnhPn6YnPkslRTCe1uum/ry4vsmKUfZK4oYN2HPQ3KjMlxHo89A"
    "CMiDUjkessntasGTVTwAOOi+15l7+Yffsf3ZRJxw=="
)
