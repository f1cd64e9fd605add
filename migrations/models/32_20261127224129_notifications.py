from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

TABLES = """
        CREATE TABLE "notifications" (
            "id" BIGSERIAL NOT NULL PRIMARY KEY,
            "user_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
            "kind" VARCHAR(16) NOT NULL,
            "board_id" UUID NOT NULL REFERENCES "boards" ("id") ON DELETE CASCADE,
            "task_id" UUID REFERENCES "tasks" ("id") ON DELETE CASCADE,
            "comment_id" UUID,
            "event_id" BIGINT,
            "actor_id" UUID,
            "due_date" TIMESTAMPTZ,
            "created_at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
            "read_at" TIMESTAMPTZ
        );
        CREATE INDEX "notifications_user_id_id_idx" ON "notifications" ("user_id", "id");
        CREATE INDEX "notifications_unread_idx" ON "notifications" ("user_id", "id")
            WHERE "read_at" IS NULL;
        CREATE INDEX "notifications_board_id_idx" ON "notifications" ("board_id");
        CREATE INDEX "notifications_task_id_idx" ON "notifications" ("task_id")
            WHERE "task_id" IS NOT NULL;
        CREATE INDEX "notifications_comment_id_idx" ON "notifications" ("comment_id")
            WHERE "comment_id" IS NOT NULL;
        CREATE UNIQUE INDEX "notifications_due_idx"
            ON "notifications" ("user_id", "task_id", "kind", "due_date")
            WHERE "due_date" IS NOT NULL;
        CREATE TABLE "mutes" (
            "id" SERIAL NOT NULL PRIMARY KEY,
            "user_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
            "board_id" UUID NOT NULL REFERENCES "boards" ("id") ON DELETE CASCADE,
            CONSTRAINT "uid_mutes_board_i_d7ac95" UNIQUE ("board_id", "user_id")
        );
        CREATE INDEX "mutes_user_id_idx" ON "mutes" ("user_id");
        ALTER TABLE "event_log" ADD "notified_until" TIMESTAMPTZ NOT NULL DEFAULT now();
        ALTER TABLE "event_log" ALTER "notified_until" DROP DEFAULT;
        ALTER TABLE "users" ADD "due_in_3_days" BOOL NOT NULL DEFAULT True,
            ADD "due_in_1_day" BOOL NOT NULL DEFAULT True;"""

# Who is mentioned: the longest name after an `@`, since a name may end with a dot, and so may a
# sentence. Names are folded on both sides, as for search; the first condition is that of an index.
MENTIONED_IN = r"""
        CREATE FUNCTION "mentioned_in"(content text) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
        BEGIN
            IF content IS NULL OR content !~ '[@\uff20\ufe6b]' THEN
                RETURN '{}';
            END IF;
            RETURN ARRAY(
                SELECT DISTINCT mentioned.id
                FROM (
                    SELECT DISTINCT part[1] AS word FROM regexp_matches(
                        folded(content, true),
                        '(?<![[:alnum:]._@-])@([^\s!-,/:-@[-^`{-~\u00a1-\u00bf\u060c\u061b\u061f\u0964\u0965\u2000-\u206f\u3000-\u303f]+)',
                        'g'
                    ) AS part LIMIT 50
                ) AS words
                CROSS JOIN LATERAL (
                    SELECT users.id
                    FROM generate_series(
                        length(rtrim(word, '._-')), least(length(word), length(rtrim(word, '._-')) + 3)
                    ) AS letters
                    JOIN users ON folded(username, false) COLLATE "C"
                            = folded(left(word, letters), false)
                        AND folded(username, true) = folded(left(word, letters), true)
                    ORDER BY letters DESC LIMIT 1
                ) AS mentioned
            );
        END $$;"""

# Who deletes their account just now is passed over: to wait for them could be a deadlock.
NOTIFY = """
        CREATE FUNCTION "notify_of_event"() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            author uuid := NEW.actor_id;
            comment uuid;
            mentioned uuid[] := '{}';
            others uuid[] := '{}';
            reason text;
        BEGIN
            IF NEW.record = 'task' THEN
                IF NEW.kind = 'task.assigned' THEN
                    reason := 'assigned';
                    others := ARRAY[NEW.after ->> 'user_id']::uuid[];
                ELSE
                    reason := 'due_changed';
                    others := ARRAY(
                        SELECT user_id FROM task_assignees
                        JOIN board_users ON board_users.id = membership_id
                        WHERE task_id = NEW.task_id
                    );
                END IF;
            ELSIF NEW.record = 'member' THEN
                reason := 'added';
                others := ARRAY[NEW.record_id];
            ELSIF NEW.kind IN ('comment.deleted', 'board_comment.deleted') THEN
                DELETE FROM notifications WHERE comment_id = NEW.record_id;
                RETURN NULL;
            ELSE
                author := coalesce(author, (NEW.after ->> 'user_id')::uuid);
                comment := NEW.record_id;
                mentioned := mentioned_in(NEW.after ->> 'content');
                IF NEW.kind IN ('comment.updated', 'board_comment.updated') THEN
                    mentioned := ARRAY(
                        SELECT unnest(mentioned)
                        EXCEPT SELECT unnest(mentioned_in(NEW.before ->> 'content'))
                    );
                ELSIF NEW.kind = 'comment.created' THEN
                    reason := 'commented';
                    others := ARRAY(
                        SELECT user_id FROM task_assignees
                        JOIN board_users ON board_users.id = membership_id
                        WHERE task_id = NEW.task_id
                        UNION
                        SELECT user_id FROM (
                            SELECT user_id FROM comments WHERE task_id = NEW.task_id
                            ORDER BY id DESC LIMIT 500
                        ) AS newest WHERE user_id IS NOT NULL
                    );
                END IF;
            END IF;
            others := mentioned || others;
            IF others = '{}' OR others = ARRAY[author] THEN
                RETURN NULL;
            END IF;
            INSERT INTO notifications (
                user_id, kind, board_id, task_id, comment_id, event_id, actor_id
            )
            SELECT users.id,
                CASE WHEN users.id = ANY (mentioned) THEN 'mentioned' ELSE reason END,
                NEW.board_id, NEW.task_id, comment, NEW.id, NEW.actor_id
            FROM users JOIN boards ON boards.id = NEW.board_id
            WHERE users.id = ANY (others) AND users.id IS DISTINCT FROM author
                AND disabled_at IS NULL AND deleted_at IS NULL
                AND (is_public OR is_admin OR EXISTS (
                    SELECT FROM board_users AS its
                    WHERE its.board_id = boards.id AND its.user_id = users.id))
                AND NOT EXISTS (
                    SELECT FROM mutes WHERE mutes.board_id = boards.id AND mutes.user_id = users.id)
            ORDER BY users.id FOR KEY SHARE OF users SKIP LOCKED;
            RETURN NULL;
        END $$;
        CREATE TRIGGER "events_notify" AFTER INSERT ON "events" FOR EACH ROW WHEN (
            NEW.kind IN (
                'task.assigned', 'comment.created', 'comment.deleted', 'board_comment.created',
                'board_comment.deleted'
            )
            OR NEW.kind = 'member.added' AND NEW.after ->> 'role' <> 'CREATOR'
            OR NEW.kind IN ('comment.updated', 'board_comment.updated') AND NEW.after ? 'content'
            OR NEW.kind IN ('task.updated', 'task.moved')
                AND NEW.before -> 'due_date' <> NEW.after -> 'due_date'
        ) EXECUTE FUNCTION "notify_of_event"();"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {TABLES}
        {MENTIONED_IN}
        {NOTIFY}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TRIGGER "events_notify" ON "events";
        DROP FUNCTION "notify_of_event", "mentioned_in";
        ALTER TABLE "event_log" DROP COLUMN "notified_until";
        ALTER TABLE "users" DROP COLUMN "due_in_3_days", DROP COLUMN "due_in_1_day";
        DROP TABLE "notifications", "mutes";"""


MODELS_STATE = (
    "eJztHYty2zbyVzBqZ5pcFUdy/EiTm7vKjpKq9aPjR9O72EdDIiShpgiVpKyoaf79sOD7KU"
    "oWJYpGp+PYAJYgd7GLxWIfX2ojphLN3GmN6RW7J3rtDfpS0/GI8F9ifXVUw+Ox3wMNFu5q"
    "YjAeU8WCYaIZd03LwD2L9/SxZhLepBKzZ9CxRRnMUmuhezJD3RmaDmlviDCyexEHMlGfGb"
    "xlYhJjB3X43ybpGcRC1ET3OpvqAEZ58xCbQ8R0bbYDc6qsxyel+qCYx090+ueE8G8cEGtI"
    "DD7Jp1veTHWVfCYm/Pml1qdEU8XvNXi6QlWA5D9hJPk8Nohp8u83XWAX0z7yFAfO/v+zQP"
    "FsLAbVxDM4WsUfXwF+fK+IKUNksycV7YoLe33defdejAREdZUe0yYj3R89nllDpnvDJxOq"
    "7gAM9A2ITgxsETVATH2iaQ7l3SYbP7zBMibEQ4zqN6ikjycaLInaP/sTvQcrAcFMysSifJ"
    "312GiMrR1oOfyX854BGEU5O79SLttXilKLLSd4n8gScJp6HN0cZ1S3AOtfvtrP9bEjWmsw"
    "wfFPrYtnrw6eC3ww0xoYolPgrvZVAGILKz6NfZSLf2NIv+LUiuHbHRrBOH/HZXDtNvjI9t"
    "nNxZyLmwKwWRvhz4pG9IE15H/u7u/zISOq+01N+FJsWcQQH/+/T/+7ufncaNz+A34xxe/8"
    "x+v9m5tJn/T7t17/t/G3qp1OTAvpzEJdgroa1u93bJbAo7Fmc2DtjA6GljZDnNeYYdVuM8"
    "j9W+tCUJy/tSA54/LKFmVnTteu3Qek90kt2FQB0RAn+PEQG8lcFoZaDe3n89naKH+wlwPR"
    "B3upeIauMJrNHoNnxFDcMgw8S8axDxLBr0ZNawuZKwOlV+3frz7dRlDG9zD4OAVbcbS94z"
    "0WHZFkzIUhI9hTHdAd95ctRGWNf6B6zndyh0uyUNs5bV9etU5/helGpvmnJvDXumpDz65o"
    "nUVanx1EVrb3EPSxc/UTgj/Rf8/P2tGtxRt39d8avBOeWEzhKoiC1QBDu60u1kJU17Bpgd"
    "KwDN2jsCugvPPKZSH8lhDaxUkmpfmeRvnjlqBzGLKC/F0lMgcODnl1+ADIKhX58hJ1jqoO"
    "R6P+faKmDqiKo/Y9Mwgd6L8QW7Xo8PfAei9JT3fOxNfOY7YTpX6rL7ENPPXOksEFxb+dfz"
    "GxbAW3dXncete2D59d3LufYkNVQqiGHrbLIi3e2HjXaHcUbcE6HgjkwFfAOztYP2L8EbUE"
    "E4XdUc+yT3RhSD7bRDo6F7QBUFMZT7oa7c07/9svp3jj5xz9QVwEprGopRGFGaq9JuebG5"
    "zpAnDzzQ2ROcMqY+4pfbCFZ5yM1WVm9MGkSaVscrqeYVKRp5lUhFf4NBNm8kWoHoaUVC8L"
    "1RN0Xuftfao/EANEeJzkv/kdIWIHACKUBp2mINo2iyJsxMx5zCa8B3EFA/WGWB8Qs476Bh"
    "uh5g7q6OjPCbOIiai4r4BBd+0rPLiL2UKbWcbPztlVxHpkK3nLcF4YUtoQysNocfmKjd6Q"
    "PixF5gjo1tC59nFIdGCXKTaR+xF1xAzxrNjNYfXXgFD7c95WeWPldVUR11UfSdekFkEa5s"
    "r7sJDrqvDZMEzyS2ZYv5BZMtV9oPm0dzi5xKSfc5kS4l0Xoc9OW78/D/HvyfnZB3d4gADH"
    "J+dHse3Uf818rBaBWIrhSrZzhvmt2eD/pTHYtzHeaHMlj+OAP59rOdhCI2Anzkoq0zk/kT"
    "4ziFB/+tTgHayPTvFsJxcLiRdJZSKnN0xO35ITI+Z7DQ/iJoDg+Agpu4xpRQlP1y5QBDGh"
    "vxecJLbNgk0MEaAbMulAJ+oLqgs3GzTCMwTnF0ExYZmJCUN4ahb1js7PT0JsetSJ8uH16V"
    "Gbk1eQlg+ittEyruty6liET8yRn5+eQYg1UtRr2SBJPaI5Rw7gPAa82GNjSuKkFO+8Jlo+"
    "UDLlp0Glh3VOr9GI6AmabSJNUyCfGG1/67Q/ti9MwaEOFjZKT04flqCqJG6Z3tjqbZaHkY"
    "3ym0+NFz/gF/3Wi/e3Xw6+JumbLQT4mBh1xA86d98YxmDQ7cbtArVvdvuvG/z78myVh6nb"
    "5GF0i9ToiFqmgg3CDyMP1GTGLCcjpkA+MUa8s7B5rwhc3AmvU35gNXRzo8wIB3nlL65w5T"
    "4uBsav78hYu746Lup2I+rolsB3Ouq0zloIPh7Bx9cRV3tsv2N1whVWPDMR0ePbZK09MdiY"
    "vDwihkb1XPw414cudvWdflMblLlC7ie42x05kO9/uSBc+Uk+mwQvYY/9jXTLjANpd+Mhhh"
    "iRUZfrDEM6XgWyKuZFEN3HuVB4JJaObclSURRR/YFaAgOPRFPHe1BVUcVf3nHoWB5LJ/CM"
    "qiJoNLGS3KUXwc/pxNrGe9Fc6NGZRfu0twpmOws8qkroKtxxy1UN0vy3AqrDHDcuJaiwrM"
    "+dy547b0xX+E0VF3hxvyfHF2+x6fwwsqKduvw51+3cFfha6eQlnbyku0/o1C+dvCTVpZPX"
    "orSttpMXfykr8YIkxbzuja6g+4d7HZ3PASTJ4N6EW7Bmo86fA0QEJZQv2biZ74SxexMNGF"
    "MBgAuoom6pgwpqXj0mCCODhyII3VgsVsnupgoJxeq6QTuPjMXygn+2c4nODcYKcmhyNFZ0"
    "ya4AqTlN0+Vcp0vHt/H50dn1yclGA9wE6tOMJC5d5llI4AtzZ+LxbzXeOPdWwmlnyPg7Ow"
    "0G0whi7rWW7cGDOrzbIpomNBThLgh+WH8wqnMiJeXkKW6iBFPOJ48XbElzu2rbjsDxAoad"
    "hSwPHd1awPCQoBHn8MncbAaRAbzCi93m3uHe61cHe6/5EPGaXsthDt023bYACymOVkjR0t"
    "Yno5gYDOHYhS2z2lv7CF6RwBA2VwkPHpXldGiP6MIHeRTS6OExoI0eSFW0qqpoddApddFK"
    "66LbitNHJFsIBHaZ4HG9Ai+eK2zet8TDyDYaUDdyvXnsityYzu47sKQr7AFPmQ3cZc7RdJ"
    "2XC2q5RWamcKdbZ2oKd841Xl+6U8p7S3lvKW+wynCDJe8tnyLV5b3ldtxbyuQUTyExgUxO"
    "IZNTyOQUpUlOwcX52GBAXFNmptiMBC8iM4XBiR1H+IXTGr4GcRrXGMnnnxQdCwq8g/0TZM"
    "YmzomFUEGGOW9pmLMfpZtAPd534naF5VYIaqljQdnoKK5vYU8Sb+d6080Jdv6JTdEI6zME"
    "CBHnBLi1HOIHYid5wQbRv7NSNKEgefcXO0DI60h5f1aGu57592d5LnsE8zz+mqdCeC74ei"
    "c1cC1XzNpmotXElpPXocmLpHKgiopSW2982iYi02RMmrzbkVb+Uhme5N3OU6S6vNvZjrsd"
    "GZNW6Zi0gBqaV40JgMhzd1ncgEtmfirEimE5h+JHGjEqdrauR2wYAfYsmwtwORfp1oajtR"
    "9SzB52Rz3L6EEecps8wKQv9A0I6sLIYNM6mhqU73iiFDuoGhzPgwHfyGAElGYX06BnIzow"
    "hKEL3TgT3tSeJwWerfT5N/qNLoJvuCoEiLGT53YJ3051soOuhsx0prKTJgvzNlVNSAsZCm"
    "Djf1BDZN3lc+YsMr+QqeCIDp5KHNkPu7uvXh3uNl4dvN7fOzzcf93wAsriXVmRZUedD6Ck"
    "hnSc+dFmG7xgKKfQe6SeszG1sZLY5NKXLao2BmEkPsP4vOdvH8dlvthSF7bMx1c7tnTId3"
    "f+OupSIaV7jRznyb30w+Re7CRpkB5LumQEtCcvYR+izMhe1kMsD4J30xG8m4LgBcVECEge"
    "16N+B6JOTRyfP1+en6UoBR5E1JRMexb6G2nU3EJvkQxsAipC5uKYe1XUkyqCdnhA1L0K96"
    "2kc2c62j0AifXlsW4Q/tmmlShBsqR0EKp6Pm7N3dd5TKu7r9MNq9AXsZrLW8qK3Vel3VLG"
    "7JUbtAWdsEEtzRwEffW5FiFFc4bNNQpdDYmwrjiGEgQeF/wBiD+gjrDORNEUqAUnRDfYdb"
    "gQ4VsndKpoMoZ7jSlEV2Anmt20DTFdQvSYhajIyW50O/s4UeHpdkUQi5hvhKFJFHox2PSx"
    "1h8yZr3hInqbB7BRdxHhIbK3ZR4iLjmViW5RbVH5G4euoAzeEpmbGpJUEqHbUclozCyi92"
    "YQDZMgeiMjMgUw9ccq92SW2zjvKGi2hzYEqqmiyBFIviGbetFrujklBlHfoinl63liCfu3"
    "OkO0b0NSE1y778nYSrLQFzNJZlo4joPspHABVWmO118UtWGPw5W5/kl7/rrs+fckoXpd+h"
    "nGGV5FM9P+/upj/9wj3xCbCUrL/KOiC1dBfB/s5UD33DJw8qj4JNSUIJlNC1uThKiQyxHW"
    "tNRdw4eqTlDai1e7hwfebgF/ZO0Pl6etk5OkiDE1YQcAn8S0y1x1+S2gZGhcdzAsseyqsH"
    "m3AXd8FXBdtPTXmF+qLC9+gzDVw3EhGo3ry5EggFuGgWfZHiBJArhyVw5gWfl0WxZ/1i1S"
    "RZZ3aJUJWB/jfpkjJrdQ449f1TXJ8BOq+Zph9AkXmc1j79Gofg+OkXYK/umQkQdI0o9F7A"
    "ck3Tdd18Yd1AFnSXYPSYxMdM91U+FSCZZtOKMJ83aStaeIKQqt5hhA4/KlHMVDcsXJBqfz"
    "oWQUaakEbz3DflT56gMtKNhhFyCYCY4tS+GBGT80j2iCvnvEOF6xnqKJBcAieO9yuKIQ77"
    "Wsd2EfnZ+fhE5xR53oMe369KjNUS8wzwdRK2Q4DTjqgmRe2JAXhlrNQt+s1brgYxw8nusp"
    "CceLVNNOEKTExh0/JxBEUYAkeSuegvrMQNDM5WWXGHnFy0qqyoQ06EVw/ih8LyVBGstiW/"
    "gnALrzO/iuGLfSMJ2O6mr5MIWMfZ/HlD9tCaqHIStI9S2hcq7rCJlxbcWu5IHD4wIoDUNJ"
    "pMo0dusvA+WsQWmInIfWMLOWyRb5M+vWEoyQ0FzPsj7+wbq5zY7wpgODTXSVq6Vdkd4VjH"
    "waNi1kTHSkkT6EXL+1A7ZFgDY10fXZyfmHD+13SVbGFTzxES654t/Ymk8/E7vjK3caXlUo"
    "YLq1TeUkWqI2hAcldclS65J8WzCWOyiGIbeuLERAVnXJAOe1sVaK9oR/XNK1+nuN4TSnJh"
    "8mQvI+AJWGzKtg5nfn10cnbfTrRfu4c9lxgvo8CorOsAn3ot06ifrfGEZSMvoMBxwXoHre"
    "Ic1Gnt2qmZ0G7XnSMWMzmtsJ7hItSXezOzK1Nw2GbKowZT3Ptaz9hsvfyMJzFqlP6czngx"
    "Wew9iZcY0ZjJ0ZZf7i7bx5llb1dElfXau6zF9cNaonaMcyf3EJ8xcnm3kSkxev1sKzabYq"
    "W726a2MAWSkLKFUX1hIj4TUplerCMLJQnSyRtiRnbV+JNHn1K28py3CdtppiW+I4rPH3WU"
    "HFLc/mUhGMF1p263QiqBUzXIn2epbdasRH5L92FDmaWd+JRcAIwkGcPBJurpbEy8W8cIk5"
    "KDweFiE6mVkocpbWEh+ds67WQvaap5Jx4pF+jaXMDV1SQfJIVygZNCiDBjetXMwNGoxpxF"
    "JjK1RjK1IVORP7eS81GDPUn6ma6IGROVUUkYvbUy+QxTQ1VL8Cu9Ur3OSFItEipC4MF7AI"
    "TX1Tey6KK7N+TLUpeL4bHXtJEO3H/cG6ywRwBjhwvnYUepmAlrTYVZq3PheaLXA7KTOBbV"
    "8msKrn+m+9e9d+9wZhVSXqjd66vOx8OBMNdipT3nbaPrvqnItGqG3L4aD1+PwUOqDVKXoL"
    "re+u2wrXPc4+QDt42NmmeKenc6a8Ut61/nNp91Gd/6nimen1NqHX62xC541+/lv7gve/Qe"
    "yBGLwrKrI2E2nqfPSCimgYShbWiHgiPaRhNEvgBaFKHOlYSsEni8QUtZZBhoGSE8fnfLdk"
    "F25rPFafpF+ydLVJF2Hb6XSRx9UGvmwJkgfAJFeXmauluVbW8isxNqXxWxq/N22nlcbvjQ"
    "dVr7dWeTkl6eNLlW/mOuFXUV2ol+jd4PXVs64RxsFRuUopidVl2kUygH1NNMVWbwgWeA5O"
    "8EjUvoYSR2OD9Yhp5o6zXvnTV1wEu9TxJltZAMkkRF8mGNcHq+CJt0pHIMG88LExCqdX0A"
    "zCPKqI5hYRdmVVNEsSLHrBqXJCR9RK2pn8zsytCSiraDAu5/02ZKRjfbhcNtmIS3xOCyTg"
    "iSpqPnHq8N+oHQ/vFuab8sXAprn3qILmWPDGmuiqmaOYVACDigOy7NXxJssYlSgDyQpT/q"
    "fviuCjPxpbi6SLDIKsLx6r9K6UgftAh2MW1DQCYFLTKJ2mUZLN7tIWv0lbnduVudGZrvjO"
    "tcu1EHhTvKC6ndCeqm4UokiF/J2J7v6w6N1bUVrWroTYs8MZRYXY6ZDC9sP/NKAYoon4bk"
    "OSvNKLmWRJz6w5+5yLwJxO6xFfrEA20Lzz+CCLTQVJeOAl81SC9CYLAsn0CVtztpV3uumb"
    "e3XvdEMcviDdo7CS8ttEeZmOurJ6ZuzWFIsEATEyJ0aUhwGqF1a+u38QV1LBlH8Hd5cvWv"
    "Dld66H/9hgAwOPbPu+7RWMnIovoYDyU/YX5Z//cn+ngZ793my+RSdUn3xGn18fKAd7b5Hx"
    "8Ka519hpPEcfSO+evdxtNBv8/yZ6zzmpzz6/FL05Uzik++qKPnlrLm/Ny3UbWdI6c5eTrr"
    "hMTjoHO131zHOwPWjNeQIDV7s5TprOKyoOVOFZ+7wJ15i3z5tTZu6TR8+KqaIVPoDIzH1V"
    "o3rCgURm7ith5j6LWklFOhOPg97YModyLn87Wt9w7r6WeW/X+7NpXUQSP4NPHCf2hdMaDt"
    "VwGtdH64Au46je8A72TxAhm9BkCknqR7lKzIDugL8YNd5reBDXLSMgFSnPCsuJ9gJnxXgJ"
    "CDgHCXnnqPYg/lSmkxj/iPfM4plVFnzdVDRH2YRoIZaU9bp1lxSl2+rXfZViRrmaa0PZgA"
    "ElGGY837hgWxZcmMJtGdKQIQ0Z8khbniOtNGQ8RapLQ8Z2GDJsBWgZzgtDyrwE5WG0uHzF"
    "Rm9IH5YicwR0a+js1kEUMRruR4g8gvCsJ1gNUZosS2Oy/GhQizjeMfwUgwwuSrFZiOlSUH"
    "LRAiQRIFmBZHFjZfA18/FcBKJ6bmPNBv8vjdO+jTHJ1ZShMTbwwMDjIRfhuuqa+HdyMYqY"
    "LqvSZqMh7fylZJ2nlPyu1kLwPkIxwUjFs7pTFALi0CCq1HJTJEAIDgxV/mI6uXuCCoxN34"
    "SgVFgWWUsiKTA1tCJKsxpWwZNAqwhHjQ3KuMqREs87PxdxEH6NAu/k/OOCMk0Ea09EMTf7"
    "pJyTTYrO98vxak0Sonvzod+HXiPyr87fnS+D/T42APVDfurqsVE80HAzBJAF4ba0IJwooa"
    "VQNYF5Tqh+T9SO3RUJqwoARahYZCaRgIrWnVDNorq5A/NtQjWDu5ZPt9E8zXZedrIoQqNw"
    "Eqdfor7TigiHThDxbnNYpEeB1mfPbhQlaVacv8Fz3FGWwnAGuMR1Aq5FZYFFMRwGkniN4x"
    "WQtXCZhwCQdHrKdnpy0BZD78JuT8feg7YTrXMdn0LLavmapg7XP7Ki6bH9lAqhO8T3sVJd"
    "y2MqWh9su44fubAVjAJcHlGBgMMqLilbBV8B64FHYcvR56uKLFl4eUOFl0OLK8WdNbj4st"
    "1aFffcmbvcIYMSg467u1uEDFnsDW8ekVGXGOaQjuvIZHY+AmrZdvYp+AqApd0ehDSCH0jc"
    "eFjIBIk1nl1J5j8zu9CzPy5H8qwwapUQrKz+vPbjQrozbJiq+fEbg5MJImU0ioxGKcHmW1"
    "80GiW4YAObweMRK0piVDxrSkwOli3ix9YtU/QkT/GcoyQJZTd3KlEx2lZOHE2mS7CRoOtk"
    "D83UWgRgtsLiXtHk0lXsL1RcGKmjlEhH8Qi5wDYahJH7qFRLpFpSso1zIbVEc/epR+K0ao"
    "aWKFKDUq9MiohQAhN0EFc5TFc/RLmmXIpHOjIXDD02yICaFjEWCAgWb6mEAGVMcNlEdpaK"
    "AQQUv8cQn5p+1R1ewfiV5j7cfofiV17xhj9M/p1mb0hGWHHXMeccZoywFcLK19iL1F4hi8"
    "FzEZdIFlRgA2d7lQ4gnz/r879myB5fR3c7d/yHcieG3L2420HXAkt1xGU9g89APWzG04zU"
    "sIrzue3vZzjt78dc9t3PUhYsVxOFk3Vr8kQT8cVFE7b6RDb0xlaQB+0YsnAgy49uqNgL/r"
    "PZ5z8O+/DrD303bOz7H+1RO3OGPbu52ck38nliBFoyR0IQMZe5Y/5dxHS+cqJrEH9mBxXP"
    "2MRAbKpDKAL/HWGDcC5HWB0l5Wvm/Pyj0wB7SxGxa2IFLcrYISDJ1XnwjB/4zmsoEyMva4"
    "cBqsjfDWEnCTL4s6Fljc03L1/6MaEeX3qRoTc3N7Xv/vkv/s/Ny9vvc468/cffL/GYvrSx"
    "auae4N/f3H7PJYX5MHie6Litozvxznfo+uLEji/iHzTkTK8SA92F5uT7OODljR2USnvWhD"
    "O/yo8vup2DAJrdLTMuC0KP4oIB3imfQOB4Tl+pojOWA07Io4TjZkr+N2/4E8z9BhRDIzxD"
    "KkPkgRgzUb2wjvjJQPxpB5ZtNCWcSk3A9FIJKMKg2xPyd0n1HvFdAgSVelj/zq6PgKj+Vj"
    "zVKarFh8ygewddDmF35qq6WNNm3R4lcl/yfxmQPW/AU9XiAvlp6BVE+iX4+yQKhhjMGqWD"
    "y7ebFA4MshPYXopERa8g8NTkTXwtkYCDC8dSTDjAg9clG2wiNZOjPrPo2kyJ+nxaZBXxxK"
    "Wj6hCbQy60x9g0p8xIsKal6/YJoFVUPovQ8WN200V22hiwzLNWlh0yT3Y9mWdtM3nWYteQ"
    "eeIr+FFKESVXH+m63BrTK3jMFrJiLhdvcXRRVhONInyh8oekbGOMhe8KtQpcVcxvLCkWcm"
    "0BTtu4mqhKRmMuJ/XeDEytj8RVx3+ak42siuuK6g/UWkVEWMd7UFVRNZpY5JFIOp3kSuuz"
    "lejZXHThVqLLLav+OExd2k+pEpKKdCpqEYP2hrUEtyKnp57lWIT9MUV6FklP4XV6CqceQ9"
    "MNPukHUWnoSbvMHSdEh6Rj2BleQew2G4087kbZOULjecR0K7EQ+M+X52dp6Tw8kKjZjPYs"
    "9DcqMnvSZtyzARkh21gsLWg0A2g9bPSCBxwtZkFZ/Wb29f8Jd5vy"
)
