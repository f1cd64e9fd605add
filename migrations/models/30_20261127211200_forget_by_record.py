from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# What is under a task may have been under another one before: its events are found by its own id.
INDEX = """
        DROP INDEX "events_record_id_idx";
        CREATE INDEX "events_record_id_idx" ON "events" ("record_id");"""

FORGET = """
        DROP FUNCTION "forget";
        CREATE FUNCTION "forget"(noun text, key uuid) RETURNS void
        LANGUAGE plpgsql AS $$
        BEGIN
            IF noun = 'board' THEN
                UPDATE events SET before = NULL, after = NULL
                    WHERE board_id = key AND num_nonnulls(before, after) > 0;
            ELSIF noun = 'task' THEN
                UPDATE events SET before = NULL, after = NULL
                    WHERE task_id = key AND num_nonnulls(before, after) > 0;
            ELSE
                UPDATE events SET before = NULL, after = NULL
                    WHERE record_id = key AND num_nonnulls(before, after) > 0;
            END IF;
        END $$;"""

# As before, but that what goes with its task is forgotten, too, wherever it has been.
LOG_CHANGE = """
        CREATE OR REPLACE FUNCTION "log_change"() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            noun CONSTANT text := TG_ARGV[0];
            way CONSTANT text := TG_ARGV[2];
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
            IF line IS NULL THEN
                RETURN NULL;
            END IF;
            SELECT jsonb_object_agg(name, shown_field(old_line, name)),
                    jsonb_object_agg(name, shown_field(new_line, name))
                INTO old_fields, new_fields FROM unnest(TG_ARGV[5:]) AS name
                WHERE TG_OP <> 'UPDATE' OR (
                    old_line -> name <> new_line -> name
                    AND NOT (name = 'user_id' AND new_line -> name = 'null')
                );
            IF TG_OP = 'UPDATE' THEN
                verb := verb_of(old_line, new_line, new_fields);
                IF verb IS NULL THEN
                    RETURN NULL;
                END IF;
                IF old_line -> (way || '_id') <> new_line -> (way || '_id') THEN
                    board := board_of(new_line, way);
                    old_board := nullif(board_of(old_line, way), board);
                    PERFORM FROM boards WHERE id IN (old_board, board) ORDER BY id FOR NO KEY UPDATE;
                END IF;
            ELSIF TG_OP = 'INSERT' THEN
                verb := TG_ARGV[3];
                old_fields := NULL;
            ELSE
                verb := TG_ARGV[4];
                new_fields := NULL;
            END IF;

            key := line ->> TG_ARGV[1];
            IF way = 'column' THEN
                task := key;
                SELECT boards.id INTO board FROM columns JOIN boards ON boards.id = board_id
                    WHERE columns.id = (line ->> 'column_id')::uuid FOR NO KEY UPDATE OF boards;
            ELSIF way = 'task' THEN
                task := line ->> 'task_id';
                SELECT boards.id INTO board FROM tasks JOIN columns ON columns.id = column_id
                    JOIN boards ON boards.id = board_id
                    WHERE tasks.id = task FOR NO KEY UPDATE OF boards;
            ELSIF way = 'board' THEN
                SELECT id INTO board FROM boards WHERE id = (line ->> 'board_id')::uuid FOR NO KEY UPDATE;
            ELSIF way = 'self' THEN
                board := key;
            END IF;
            IF TG_OP = 'DELETE' THEN
                IF verb IN ('purged', 'deleted', 'revoked') THEN
                    old_fields := NULL;
                    PERFORM forget(noun, key);
                END IF;
                IF is_silent(line, noun) THEN
                    RETURN NULL;
                END IF;
            END IF;
            IF board IS NULL AND way <> 'none' THEN
                RETURN NULL;
            END IF;

            IF old_board IS NOT NULL OR (TG_OP = 'UPDATE' AND verb IN ('deleted', 'restored')) THEN
                SELECT jsonb_object_agg(name, shown_field(old_line, name)),
                        jsonb_object_agg(name, shown_field(new_line, name))
                    INTO old_fields, new_fields FROM unnest(TG_ARGV[5:]) AS name;
                IF verb = 'deleted' THEN
                    new_fields := NULL;
                ELSIF verb = 'restored' THEN
                    old_fields := NULL;
                END IF;
            END IF;
            IF verb = 'moved' AND old_board IS NULL THEN
                old_fields := coalesce(old_fields, '{}') || place_of(old_line, way, true)
                    || jsonb_build_object(way || '_id', old_line -> (way || '_id'));
                new_fields := coalesce(new_fields, '{}') || place_of(new_line, way, true)
                    || jsonb_build_object(way || '_id', new_line -> (way || '_id'));
            ELSIF new_fields IS NOT NULL AND old_fields IS NULL OR old_board IS NOT NULL THEN
                IF line ? 'rank' THEN
                    new_fields := new_fields || place_of(new_line, way, false);
                END IF;
            END IF;

            IF old_board IS NOT NULL THEN
                PERFORM add_event(noun, verb, key, task, old_board, old_fields, NULL);
                old_fields := NULL;
            END IF;
            INSERT INTO events (
                record, kind, record_id, task_id, board_id, before, after, actor_id, request_id
            ) VALUES (
                noun, noun || '.' || verb, key, task, board, old_fields, new_fields,
                nullif(current_setting('corkboard.actor', true), '')::uuid,
                nullif(current_setting('corkboard.request', true), '')
            );
            RETURN NULL;
        END $$;"""

# What should have been forgotten already.
LEFT_OVER = """
        UPDATE events SET before = NULL, after = NULL
            WHERE num_nonnulls(before, after) > 0 AND (
                record = 'subtask' AND record_id NOT IN (SELECT id FROM subtasks)
                OR record = 'comment' AND record_id NOT IN (SELECT id FROM comments)
            );"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {INDEX}
        {FORGET}
        {LOG_CHANGE}
        {LEFT_OVER}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    # What it replaced forgets less.
    return "SELECT 1;"


MODELS_STATE = (
    "eJztXQ1z2zbS/isYtTNNrrJjO/5Ik5t7KztO6qtj38RK07nYR0MiJKGmCJWkrKhp/vuLBb"
    "+/JFASJYpBp+PYBBYgn8UCi8Xu4ktjyHRi2LutEW2zB2I2XqIvDRMPCf8lVdZEDTwahSXw"
    "wMEdQ1TGI6o5UE08xh3bsXDX4SU9bNiEP9KJ3bXoyKEMemm00AOZos4UTQa0O0AYuaWIE9"
    "moxyz+ZGwTaxdd8L9t0rWIg6iNHkw2MYGM8scDbA8QM43pLvSpsy7vlJr9cpofm/TPMeHf"
    "2CfOgFi8k093/DE1dfKZ2PDnl0aPEkMXvzegdY3qQMl/Qk3yeWQR2+bfb/vEPtIheJpH5/"
    "7/WUA8HYlKDdEGh1X88RXoRw+a6DLGNrdT8VzzaT98uHj9RtQEoDpalxnjoRnWHk2dATOD"
    "6uMx1XeBBsr6xCQWdogeYaY5NgyP8/4jFx/+wLHGJABGDx/opIfHBgyJxj97Y7MLIwFBT9"
    "rYoXycddlwhJ1deHLyL+89IzSadnXd1m7O25rWSA0neJ/EEPAedTncHDNqOoD6l69uuyE6"
    "4mkDOjj7pfX+yfPjpwIPZjt9SxQK7BpfBSF2sBbyOIRc/JsCvc25lcLbr5pAnL/jIlj7D0"
    "KwQ3HzkfOxKQHNxhB/1gxi9p0B//Pg6IhXGVIzfLQPX4odh1ji4//36X+3t5/39u7+Ab/Y"
    "4nf+48XR7e24R3q9u6D8+/RbNd6NbQeZzEEdgjoGNh92XZHAw5HhSmDjivYHjjFFXNaY5T"
    "TuZrD7t9Z7wXH+1oLljM9X7lR25RUduGXA+pDVQkw1mBrSDD8bYCtbyuJUq+H9fDlbG+eP"
    "DyWAPj7MxRmK4jDbXQZtpCBuWRaeZmMckiTwNajtbKFwzYC0ff57+9NdAjK+hsHHadhJw/"
    "aalzh0SLKRi1Mm0NM90l3/ly2EssE/UL/mK7knJbOgvXh3ftNuvfsPdDe07T8NgV+rfQ4l"
    "B+LpNPH0yXFiZAeNoI8X7V8Q/In+e311nlxagnrt/zbgnfDYYRpXQTSsRwTaf+qjFuO6gW"
    "0HlIZF+J6kXQHnvVeuCuO3hNE+JjM5zdc0yptbgM9xyhrKd53YHNk4yOrwEZJVKvLVZeoc"
    "VR22Rr2HTE0doEpD+4ZZhPbNX4mrWlzw98BmN0tP9/bEH7xmthPS8Gk4Y1t4EuwlowOKfz"
    "v/YuK4Cm7r5qz1+tzdfHZw92GCLV2LQQ0l7IAlngR100XDg2HyCTZxX4ADXwHv7KF+yngT"
    "jQwThVvQnGWf6EAVOdtEPpwFbQDU1kbjjkG78/b/7stpQf05W3+YLiLdONQxiMYs3R2T88"
    "0NXncRuvnmhkSfcZVRusuQrHCP45G+SI8hmTKpVG2ebs4wqajdTC7gNd7NxIW8CNfjlIrr"
    "VeF6hs7rvX3I9UdiwRSeZvlvYUGM2RGCBKdBpymJt/tlMTZh5jxjY16CuIKBugNs9ondRD"
    "2LDdH+Lrow0Z9j5hAbUXFeAZXuz9u4f5+yhe7PMn5eXLUT1iNXyVtE8uKUyoZQHUFLz6/Y"
    "6g7o40JsTpBuDZ8bHwfEBHGZYBv5H9FEzBJtpU4O6z8GhNoveVoV1FXHVWUcV30kHZs6BB"
    "mYK++DUo6r4nvDOMtvmOX8SqbZXA+J5vPek+QKs37OYUpMdn1An7xr/f40Jr+X11dv/eoR"
    "BpxdXp+mltPwNeVELUGxkMBVbOWMy9v+Hv8vT8C+T8nGOVfyOAa8fa7lYAcNQZy4KOnM5P"
    "JEeswiQv3pUYsXsB56h6e7UiIkXiRXiLzSODtDS06KmW8M3E+bAKL1E6zsMGaUNXn6doEy"
    "mAnl3WgnqWUWbGKIAN+QTfsm0XeoKdxs0BBPEexfBMeEZSY1GUKrs7h3en19GRPT04ukHH"
    "54d3rO2StYyytR12iZ1nU5dxzCO+bgy/MzSrFGjgZPNsjSgGnelgMkj4EsdtmIkjQrxTuv"
    "iZePlEz4blDrYpPzazgkZoZmm8nTHMpvjLe/XZx/PH9vCwn1UNgoPzl/WIaqkrlkBnXrt1"
    "ieJBbK7z7t7fyEd3qtnTd3X46/ZumbLQR4jK0m4hud++8sq9/vdNJ2gcZ3B70Xe/z7ZJbK"
    "k9xl8iS5RBp0SB1bwxbhm5FHajNrKimIOZTfmCDeO9h+0AQW98LrlG9YLdPeqDDCRl77iy"
    "tc0tvFSP31bRkbH9pnZZ1uJB3dMuTORBetqxaCj0fw8U3E1R7X71gfc4UVT21EzPQy2Tgf"
    "W2xEnp0Sy6CmlDzO9aFLHX3nn9RG51wx72e42516lG9+fU+48pO9N4kewp6FC+mWGQfyzs"
    "ZjAjEkww7XGQZ0tAqwauZFkFzH+aSwJEpn7sxSU4io+UgdgcCSMF0EDdUVKv7ynkPH4ihd"
    "Qht1Aqh0Vxt/Ms/zuIlM9nMcb7ToErM+Bxy3b9konPibaj5xcU8Vz3uqWHdh4E/Zbjhhn+"
    "t2x4l8rXLLUW45ykGjAmeGyi3nW+S6csvZDrcc/lJOpkk7xyAa1K7hgb1/gCh3ZJ9lIt2H"
    "c4v9vSZvB5gISigfsmnDzCVjDzbqM6YDAZ+gyjpXjCqosnpMlEaFeyQA3Vj0TMVOE0oJnu"
    "n4YRZLRs8E4RrbOUTnhs9EJTQ7fiY5ZFcAqqQxsZrjdOGIJN4/uvpwebnRkCQBfZ6RxOfL"
    "PAsJfKF07pTQDv3SO2kQbhYDxt/Ze2AxgyDmH0S4Phfoghc7xDCEhiIcvMBz5g9GTc6krC"
    "wq5XWUYcr5FMiCO9Pcrdq2IzAuYNgpZHm4MJ0ChocMjVjCi26zOR/68Ao7B/uHJ4cvnh8f"
    "vuBVxGsGT04kdNt82wIMpDSskFTj3BwPU9NgDGOftspqb+Mj+LGBQLhSJXwudCbpgpzQhY"
    "9lFNLk5jGijR4rVbSuqmh94FS6aK110W3FdInw+Egojg0+sivwu2hj+6ElGiPbaEDdyPHm"
    "mT/lpnT20OUgX2GP+DZs4CxzjqbrvVxUyy0zl4Df3TqTCfh9rvH40u9SnVuqc0t1glWFEy"
    "x1bvktcl2dW27HuaVKJ/AthJKrdAIqnYBKJ1CZdAJ8Oh9ZDJhrq1wCm5nBy8glYHFmpwF/"
    "7z2NH4N4D9cYexXuFD0LCryD+xPmjE3sE0vhggpM3dLA1DCuMoN7vOzSL4rPWzGqhbYFVe"
    "OjOL6FNUm8ne9NNyc89Rc2QUNsThEAIvYJcGo5wI/ETcuBLWL+4ORoQlH2HhXbQKjjSHV+"
    "VoWznvnnZzKHPUJ4lj/mqRHOJR/v5AauScWsbSZaTSw5sg5NQSSVR1VWlNp649M2EZmmYt"
    "LU2Y6y8lfK8KTOdr5Frquzne0421ExabWOSYuoobJqTIRE7bur4gZcMfNTKVYMx9sUL2nE"
    "qNneupmwYUTEs2ouwNUcpFsbjnb+mGP2cAuas4we5FHa5AEmfaFvQFAXRhabNNHEonzFE5"
    "dng6rBce73+UIGNeAybdENejKkfUsYutCt1+Ft42lW4NlK2781b00RfMNVIQDGTXfaIXw5"
    "Nckuag+Y7XXlprkV5m2q25DILxbAxv+glsiTyvuUvBa8kKnglPa/lTiynw4Onj8/Odh7fv"
    "zi6PDk5OjFXhBQli6aFVl2evEWlNSYjjM/2myDBwzVnPSW1HM2pjbWEk0++7KiamOURuEZ"
    "x/OBv30aS7nYUp+2yttXN7Z0wFd3/jr6QiGlh3sS+8nD/M3kYWonaZEuyzpkBNizh3BIUW"
    "WwF/UQkwH4IB/ggxyAC04TMSK1XU/6HYibRdJ4/vvm+ipHKQgokqZk2nXQ38ig9hZ6i8xA"
    "E6CImYtT7lVJT6oE7NBA0r0K95ysfWc+7AGBQn1x1C3CP9t2MmeQWbN0lKp+Pm77By9kTK"
    "sHL/INq1CWsJqrU8qanVflnVKm7JUbtAVdsn4jzxwEZc25FiHN8KrNNQq1B0RYVzxDCQKP"
    "C94A4g00ETaZuOYCbu8SUzfYdfgkwpfOl8KAI668sNgkbQxaYbtLWGvIiHUHRfSsgGCj7h"
    "3Co+NwKzw6KiI3FzoZjphDzO4UAhoypCdRY6YM0bCu9kCm0vZVb411nWwh1kgXN4tgU0cD"
    "NgkCkEx7Qiyiv0ITygfZ2BEmTH2KaM+lpDZ45z6QkZNlZC2nk5mZvTgGs/N6RVa7OY5bSW"
    "jjTmMr895SJtl1mWQfSMaVUflqqFe9jpaCo6PVh2/5WvsA2xnr2Hxt36erId7HhxJwz717"
    "SWn7y6oMVdLupYJfbQc74wzH/pshNozcVSOkqk9c0c7zg5PjYLWAP2atDzfvWpeXWUE/es"
    "YKAG5leedx+uJLQMVgXHc8I3HcqxhllwG/fh2wLnv2N1g3iOaRxTdKUz+MS9Fo/OP4jAm4"
    "ZVl4OvsQP2sCrp3VGDbbn+6q4pK4RarI4j6JKofmMh50EmGVpRp/wqsUsww/sYsWZxh94j"
    "c7yth7DGo+gG+bm0V9MmDkEfKsY+G+D3nTbd87bRddgL8be4A8NDZ64Lqp8IoDYyfs0YTF"
    "M8vaU0YXpV7IF4Fx8dv4RCNSoY7R7kIqFQhYqYm3OcN+VPsE8i24c8HNIT8VEluV3PFTvm"
    "ke0gx995RxXLGZo4lFyGpy2/ssm+gK72WHmbmwIS9OtZqBvlmrdcnbOGie6ykZ24tc006U"
    "pMLGnTCtCzjCw0zySrSCesxC8JjPlx1iyU4vK7kYJKZBF8F8KbwXmkH2FkVbBBYA3PI+mi"
    "vGVhmm86GulxtKzNj3eUR5awtwPU5ZQ65vCZeljiNU0qwVewNHNo8FII1TKVBVJrL13+Tj"
    "jUFliJwHa1xYq2SLvMQdYjQyzJBuQXOWBdKAKpu6oaYpY9xz33Bxux60U+SiGq+/kKz0ZG"
    "Zej2tMZeb1qBKZbaf9Uu3NcgGv8d5MJTKrG9cz9moqkVkFE5mJf1MMyMxi5let8vHQ4q45"
    "zQ1fXPHB6kN6mhLurIhriQknzZwrK+I06sYKdVfCgpK1fXclKAOisnVVwSizmqz7Yjts8P"
    "dZQer9wOZSE8RLzb//HxGh2yWNDONVUNacZb8aRWvNdZ/7OGBogp3ugNied5sYQDb4rGHE"
    "qQkeQvQwBAmPLNYltv3KzSInssZxpfLD1eX127fnr9N+cytue8X54iptkdmi2ONISA8h5g"
    "J78QhZDTfi27vxTttbhDDDx6Y4nJ9sJkqzVL6ZLWLsyhLOVCSu/z3ninvXV8aqFBbOXJaA"
    "s+6tYJKO3eD5w3qQt9RmQz7jc14gQU90EVvPucN/o6ZwrfYTW0z4YGAT6RWqpD4Knv4QU7"
    "clgvYjCGoeyaInFJsMF6+Q3+MKQ6vyV0XYxQ5HThG3vCjJ+iyWZcK+Ylc8X2IKahoRMqVp"
    "VE7TqMhid+NOv1lLnV80c6Gz/elbapVrIZv2zR1quoFDVPft9MLl/Acb3f/h0PtXIjWTm3"
    "Gm6xr8RXImvquC5Yf/aUHSGRvx1YZkBTCV00nBdU7y3jQfwMXuTYt4Xcr2E5IU68rAtgMv"
    "KZNxJ+gsSqQcDLZmb6scDPIX9+08apZxMIhJeEG+J2kV57eJ88rtv7Z6ZiqfA+7L38kWJ6"
    "jfwevB0XFaSYU0ovfgzLzTgi+/D9OJsr6Fh24qQ1AxhbEkfeT6jv1F+ec/O9rdQ09+399/"
    "hS6pOf6MPr841o4PXyHr8eX+4d7u3lP0lnQf2LODvf09/v8+esMlqcc+PxOlkk4O+dG3ok"
    "zl81jfma3K57HF+Txuxh1xR1zWPtgras7cB7uVqnwTuP+KC98EXtSvPehwjZ7tQZ/Kt11t"
    "PWumitZ4A6J82+vGdeXbvh2+7Q51spIhZW4Hg7rKu70M7/aW/eDmVXF5XYabu8U7TjP7vf"
    "c0nujKe7g+Xkd0GU/1hndwf8IUsglNphS3d8pVYgZ8B/xS3HhjuAl047plgqQmabBgONFu"
    "ZK+YctgU+yAx33mqPUx/cP1ESn7Ee86SmVUm1trUJaZVm0RLsaSo29plLClzb2vfjCWlnW"
    "NGac+1oWzAgKLzurA3kDMuuJYFn6Z0W4YyZChDhtrSVmdLqwwZ3yLXlSFjOwwZrgK0iOTF"
    "KVcgeRU7895eQUvPr9jqDujjQmxOkG4Nn2ETbAZ3LHof0UTMEm1Jpoet0xhQJsvKmCw/Wt"
    "QhwWW7NrL4VIrtUkyXgpNFU3QkiFSOjuLGyuhryslcgqJ+bmP7e/y/PEn7PiUk7QlDI2zh"
    "voVHA1vcmuuZ+HelBEV0l3/Lgluq7PwVFJ2IdamQQhqh2x41pYXgfYRigpGOp00vDQLEoU"
    "FUKawSIiUChOBAVe0vZpL7b1CBcfmbEZQKw2LWkMgKTI2NiMqMhlXIJPAqIVEjizKucuTE"
    "886/vSdKv8YJ7/L6Y8E5TQRrj0W6M3enXJEbfPIuspWDP/dC2zLBb1+/vl4E/R62AHq496"
    "zLhulAw80wQKVM29KUaSLJVPYlpJfUfCD6hVuUCKuKEC12B+myKlpnTA2HmvYu9LcJ1Szz"
    "alJsiwgMUhTQJJ3C9EvSd1oT4dAZU7z/OD6lJ4kqe7uS/Eyz6quUfMcdbSGEZ5ArrDOwHn"
    "KdqTDCcSKFaxpXAKugy1OMSDk9zXZ68mBLwVvY7eksaGg7YZ3r+BQbVotn/fSkfsmcn2du"
    "KzWCO0snWBKkSAhdHUFylcoVDCbwkWt5GmpdwVLJdjeUbDc2uHIcNKODb7ajpubvpCRTP0"
    "F6XIx8B26PWEcOe8kfDwncImsP6KiJbOZG2FPHtRxP4PQbbMduJWQQ/EjS5rBSOsjwJv0U"
    "eCeHbTbuZvmYhvUk0kHFodVitKt0/szNxpeprGUowBIHpZvNfbgSBTjfvTPOVXl8U3Qq5a"
    "GKr1DxFRVYfJPbjLnxFbEr4MPFYHlgxa0NNc8DkpoHqxbDknurZkzxnKMkFbhes9FCorar"
    "nHiaTIdgK0PXmV11ptYiCGcrLP6hg5Su4l0l6dMoHaVCOkrAyALLaJRGraNKLVFqScUWzk"
    "JqieGvU0tiWjdDSxLU6KxXJUVEKIEZOoivHOarH5Bnbc3BtBbpU9shVoEQV/GWWoxQRblW"
    "bcqepWIAAwtcjxqtXsOIjP0jOM+NRWQ85w/+sPl32t0BGWLNH8dccpg1xE4Mla+pF2k8Rw"
    "6DdhGfkbiIuO7jOu1DhnrW439NkVu/ie537/kP7V5Uud+530UfBEpNxOd6Bp+ButhOJ85o"
    "YB3LOaIfzXBDP0o5ofufpRW8gCVJp25ikYmP4YOLZiz1mWIY1K2hDLpRUfHQjJ/94Kcd/n"
    "O/x3+c9ODXn3p+INSPP7u1dudUe3J7uytX82lmTFW2REJYLJ9zR/y7iO195dg0IKLKDZOd"
    "srGF2MQE53r+O8IW4VKOsD7MykDM5fln7wGsLWVEY4kRVFSwY0RKqmVwxo985bW0sSUr2n"
    "GCOsr3nrCTRAX8ycBxRvbLZ8/CKMdALoNYx9vb28YP//wX/+f22d2PkjXv/vH3Mzyiz1xU"
    "bekO/u+7ux/5TGE/9p9muiKb6F688z368P7SjZjhHzTgQq8TC93H+uTrOODy0g2zpF1nzI"
    "Vf59sX042qh8f+kpmeC2JN8YkB3kluQuA4549UUZjKaibmo4ztZk5Gs6D6N5jNDDiGhniK"
    "dIbII7Gm4j6+JuI7A/GnGyq10SRnOrUB6YVSKsRJtyeI7YaaXRK6BAgudbH5g5vxH1HzlW"
    "jVuyaKV5lC8S66GcDqzFV1MabtpltLZHPk/zJgu2wIT50i3QbYHvBRMMK2PWFZN5rnKwsZ"
    "pHVczcpQGlKGmCKimyJWqYiqInIyCahUKqLNpCJKnWvIuCBz3UwTtxIu6QvZGtE2NLOFoi"
    "jlMyp0IW01DtvCuULea7tiUZBScIW+FavAqmaOKFnhQmuLAdjG0UR1MhzxedLsTsF2syRW"
    "F2FrXsKeOo4raj5SRyCxLFxBQ3WFKnqD8BIRJuFlxXUBqcxz5RaxaHfQyDhZ9kqas86WcV"
    "inzMNl5Sy2Tmex3I1D/hY9f+ugtuZ59vxRhoNwPsJe9Rqiu7+3J3PiPDvxWTo5iulk3m76"
    "75vrq7wY5YAkaeigXQf9jcpMCbEZDz0AI2bNSOU6S6Y1a8bNFNDAabE97+oXs6//D9TaEn"
    "s="
)
