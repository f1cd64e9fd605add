"""The other servers' own tables: Corkboard's data, with the indexes that their lists need.

DENSE stores positions, which count from 0 without gaps. RANKS has a hidden text instead, made
between those of two neighbours; a position is derived by counting. Subtasks have no order there. A
trigger logs what changes, as ours does.
"""

OWN = """
DO $$
DECLARE each text;
BEGIN
    FOR each IN
        SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
        FROM pg_trigger WHERE NOT tgisinternal
    LOOP
        EXECUTE each;
    END LOOP;
    FOR each IN
        SELECT indexrelid::regclass FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
        WHERE relnamespace = 'public'::regnamespace
            AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)
    LOOP
        EXECUTE 'DROP INDEX ' || each;
    END LOOP;
END $$;
ALTER TABLE columns ADD position int;
UPDATE columns SET position = place FROM (
    SELECT id, row_number() OVER (PARTITION BY board_id ORDER BY rank) - 1 AS place FROM columns
) AS places WHERE places.id = columns.id;
ALTER TABLE columns ALTER position SET NOT NULL, DROP COLUMN rank;
ALTER TABLE tasks ADD position int;
UPDATE tasks SET position = place FROM (
    SELECT id, row_number() OVER (PARTITION BY column_id ORDER BY rank) - 1 AS place FROM tasks
) AS places WHERE places.id = tasks.id;
ALTER TABLE tasks ALTER position SET NOT NULL, DROP COLUMN rank;
ALTER TABLE subtasks DROP COLUMN rank;
ALTER TABLE boards DROP COLUMN words, DROP COLUMN title_order;
ALTER TABLE columns DROP COLUMN words, DROP COLUMN title_order;
ALTER TABLE labels DROP COLUMN name_order;
ALTER TABLE tasks DROP COLUMN title_order, DROP COLUMN due_day, DROP COLUMN label_ids,
    DROP COLUMN assignee_ids, DROP COLUMN subtask_count, DROP COLUMN completed_subtask_count,
    DROP COLUMN comment_count;
ALTER TABLE subtasks DROP COLUMN words;
ALTER TABLE comments DROP COLUMN words;
CREATE INDEX ON board_users (board_id, id);
CREATE INDEX ON columns (board_id, position);
CREATE INDEX ON comments (task_id);
CREATE INDEX ON labels (board_id, id);
CREATE INDEX ON subtasks (task_id);
CREATE INDEX ON task_assignees (membership_id);
CREATE INDEX ON tasks USING gin (words);

DROP TABLE IF EXISTS events;
CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, board_id uuid, task_id uuid, kind text,
    record_id uuid, before jsonb, after jsonb, created_at timestamptz DEFAULT now()
);
CREATE INDEX ON events (board_id, id);
CREATE INDEX ON events (task_id, id);
CREATE FUNCTION log_change_of_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    row jsonb := to_jsonb(NEW);
    task uuid := coalesce(row ->> 'task_id', row ->> 'id');
BEGIN
    INSERT INTO events (board_id, task_id, kind, record_id, before, after)
    SELECT board_id, task, TG_TABLE_NAME || '.' || TG_OP, NEW.id, to_jsonb(OLD) - 'words',
        row - 'words'
    FROM tasks JOIN columns ON columns.id = column_id WHERE tasks.id = task;
    RETURN NULL;
END $$;
CREATE TRIGGER task_added AFTER INSERT ON tasks
    FOR EACH ROW EXECUTE FUNCTION log_change_of_task();
-- A task that only makes room for another isn't changed.
CREATE TRIGGER task_changed AFTER UPDATE ON tasks
    FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION log_change_of_task();
CREATE TRIGGER subtask_added AFTER INSERT ON subtasks
    FOR EACH ROW EXECUTE FUNCTION log_change_of_task();
CREATE TRIGGER comment_added AFTER INSERT ON comments
    FOR EACH ROW EXECUTE FUNCTION log_change_of_task();
"""

DENSE = f"""{OWN}
CREATE INDEX ON tasks (column_id, position);
"""

POSITION = """(SELECT count(*) FROM tasks AS others WHERE others.column_id = tasks.column_id
    AND others.deleted_at IS NULL AND others.rank < tasks.rank)"""
# Of a task, with its column beside it.
FIELDS = """tasks.id, column_id, tasks.title, tasks.description, {position} AS position, due_date,
    priority, status, tasks.color, tasks.created_at, tasks.updated_at, tasks.version,
    columns.board_id,
    ARRAY(SELECT label_id FROM task_labels WHERE task_id = tasks.id ORDER BY label_id)
        AS label_ids,
    ARRAY(SELECT user_id FROM task_assignees JOIN board_users ON board_users.id = membership_id
        WHERE task_id = tasks.id ORDER BY task_assignees.id) AS assignee_ids,
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id) AS subtask_count,
    (SELECT count(*) FROM subtasks WHERE task_id = tasks.id AND is_completed)
        AS completed_subtask_count,
    (SELECT count(*) FROM comments WHERE task_id = tasks.id) AS comment_count"""
TASK = f"SELECT {FIELDS.format(position=POSITION)}"
IN_COLUMN = f"{TASK} FROM tasks JOIN columns ON columns.id = column_id"

# A rank is what stands behind "0." in a decimal fraction. The functions' statements see what others
# have committed before the lock on the board was free.
RANKS = f"""{OWN}
ALTER TABLE tasks ADD rank text COLLATE "C";
UPDATE tasks SET rank = (100000 + position)::text;
ALTER TABLE tasks ALTER rank SET NOT NULL, DROP COLUMN position;
CREATE UNIQUE INDEX ON tasks (column_id, rank) WHERE deleted_at IS NULL;

CREATE FUNCTION rank_between(low text, high text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    lower numeric := ('0.' || coalesce(low, '0'))::numeric;
    upper numeric := coalesce(('0.' || high)::numeric, 1);
    middle numeric;
BEGIN
    FOR digits IN 1..10000 LOOP
        middle := round((lower + upper) * 0.5, digits);
        IF lower < middle AND middle < upper THEN
            RETURN rtrim(substr(middle::text, 3), '0');
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION move_task(board uuid, moved uuid, place int) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    neighbours text[];
BEGIN
    PERFORM FROM boards WHERE id = board FOR NO KEY UPDATE;
    neighbours := ARRAY(
        SELECT rank FROM tasks
        WHERE column_id = (SELECT column_id FROM tasks WHERE id = moved)
            AND deleted_at IS NULL AND id <> moved
        ORDER BY rank OFFSET greatest(place - 1, 0) LIMIT 2
    );
    IF place = 0 THEN
        neighbours := ARRAY[NULL, neighbours[1]];
    END IF;
    UPDATE tasks SET rank = rank_between(neighbours[1], neighbours[2]), updated_at = now(),
        version = version + 1
    WHERE id = moved;
    RETURN (SELECT row_to_json(shown) FROM ({IN_COLUMN} WHERE tasks.id = moved) AS shown);
END $$;

CREATE FUNCTION add_task(board uuid, new tasks) RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    last text;
BEGIN
    PERFORM FROM boards WHERE id = board FOR NO KEY UPDATE;
    SELECT rank INTO last FROM tasks
    WHERE column_id = new.column_id AND deleted_at IS NULL ORDER BY rank DESC LIMIT 1;
    -- The next whole number, so that ranks don't grow where tasks are only added.
    new.rank := (coalesce(rpad(left(last, 6), 6, '0')::int, 99999) + 1)::text;
    INSERT INTO tasks (id, column_id, title, description, rank, due_date, priority, status, color)
    VALUES (new.id, new.column_id, new.title, new.description, new.rank, new.due_date,
        new.priority, new.status, new.color);
    RETURN (SELECT row_to_json(shown) FROM ({IN_COLUMN} WHERE tasks.id = new.id) AS shown);
END $$;
"""
