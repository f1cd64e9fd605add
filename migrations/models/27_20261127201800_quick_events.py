from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

# As before, of the fields that differ instead of their names.
VERB_OF = """
        DROP FUNCTION "verb_of";
        CREATE FUNCTION "verb_of"(old_line jsonb, new_line jsonb, fields jsonb) RETURNS text
        LANGUAGE plpgsql STABLE AS $$
        BEGIN
            RETURN CASE
                WHEN (old_line -> 'deleted_at' = 'null') <> (new_line -> 'deleted_at' = 'null')
                    THEN CASE new_line -> 'deleted_at' WHEN 'null' THEN 'restored' ELSE 'deleted' END
                WHEN (old_line -> 'archived_at' = 'null') <> (new_line -> 'archived_at' = 'null')
                    THEN CASE new_line -> 'archived_at' WHEN 'null' THEN 'unarchived' ELSE 'archived' END
                WHEN old_line -> 'rank' <> new_line -> 'rank'
                    AND current_setting('corkboard.renumbers', true) IS DISTINCT FROM 'on'
                    THEN 'moved'
                WHEN fields IS NULL THEN NULL
                WHEN fields ? 'is_admin'
                    THEN CASE new_line -> 'is_admin' WHEN 'true' THEN 'promoted' ELSE 'demoted' END
                WHEN fields ? 'disabled_at'
                    THEN CASE new_line -> 'disabled_at' WHEN 'null' THEN 'enabled' ELSE 'disabled' END
                WHEN fields ? 'uses' THEN 'used'
                ELSE 'updated'
            END;
        END $$;"""

# As before, in fewer queries: one finds what differs, one finds the board and locks it.
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
                    IF way <> 'task' OR board IS NOT NULL THEN
                        PERFORM forget(noun, key, task);
                    END IF;
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


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        {VERB_OF}
        {LOG_CHANGE}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    # What it replaced does the same.
    return "SELECT 1;"


MODELS_STATE = (
    "eJztXQ1z2zbS/isYtTNNrrIiO/5Ik5t7KztO6qtjvxPLTediHw2JkISKIlSSsqKm+e+HBb"
    "+/JFISJYpGp+PYBBYgn8UCi8Xu4mttxFSimY3WmLbZkOi11+hrTccjwn+JldVRDY/Hfgk8"
    "sHBHE5XxmCoWVBOPcce0DNy1eEkPaybhj1Ridg06tiiDXmotNCQz1Jmh6YB2BwgjuxRxIh"
    "P1mMGfTExiNNAF/9skXYNYiJpoqLOpDmSUPx5gc4CYrs0a0KfKurxTqveLaX6i0z8nhH9j"
    "n1gDYvBOPt/zx1RXyRdiwp9faz1KNFX8XoPWFaoCJf8JNcmXsUFMk3+/6RK7SPvgKQ6d/f"
    "8XAfFsLCrVRBscVvHHN6AfDxXRZYhtdqfiueLS3t5evH0nagJQHaXLtMlI92uPZ9aA6V71"
    "yYSqDaCBsj7RiYEtogaYqU80zeG8+8jGhz+wjAnxgFH9Byrp4YkGQ6L2z95E78JIQNCTMr"
    "EoH2ddNhpjqwFPTv7lvGeARlGurtvKzXlbUWqx4QTvExkCzqMuh5tjRnULUP/6zW7XR0c8"
    "rUEHZ7+0Pj57efxc4MFMq2+IQoFd7ZsgxBZWfB77kIt/Y6C3ObdieLtVI4jzd1wGa/eBD7"
    "Yvbi5yLjYFoFkb4S+KRvS+NeB/Hhwd8SojqvuP9uFLsWURQ3z8fz//9+7uS7N5/w/4xRS/"
    "8x+vju7uJj3S69175d/H36r2YWJaSGcW6hDU0bA+bNgigUdjzZbA2hXtDyxthrisMcOq3c"
    "9h92+tj4Lj/K0Fyxmfr+yp7MopOrDLgPU+q4WYKjA1xBl+NsBGspSFqdbD+8VytjHOHx9m"
    "APr4MBVnKArDbHYZtBGDuGUYeJaMsU8SwVejprWDwjUH0vb57+3P9xHI+BoGH6dgKw7bW1"
    "5i0RFJRi5MGUFPdUgb7i87CGWNf6B6zVdyR0rmQXvx4fym3frw/9DdyDT/1AR+rfY5lByI"
    "p7PI02fHkZHtNYI+XbR/QfAn+s/11Xl0afHqtf9Tg3fCE4spXAVRsBoQaPepi1qI6xo2LV"
    "AaluF7lHYNnHdeuSyM3xFGu5jM5TRf0yhvbgk+hykrKN9VYnNg45BVhw+QrFORLy9TF6jq"
    "sDXqDRM1dYAqDu07ZhDa138ltmpxwd8D690kPd3ZE986zewmpP5Tf8Y28NTbSwYHFP92/s"
    "XEshXc1s1Z6+25vfns4O5wig1VCUENJeyARZ54deNFo4NR9AnWcV+AA18B7+ygfsp4E7UE"
    "E4VdUJ9nn+hAlWy2iXQ4c9oAqKmMJx2Ndhft/+2XU7z6C7b+MF0EurGopRGFGao9JhebG5"
    "zuAnSLzQ2RPsMqY+YufbLcPU7G6jI9+mTSpFK2ebo+x6QidzOpgFd4NxMW8jxcD1NKrpeF"
    "6wk6r/P2PtcfiQFTeJzlv/kFIWYHCCKcBp2mIN7uF8XYiJnzjE14CeIKBuoOsN4nZh31DD"
    "ZC+w10oaM/J8wiJqLivAIqPZy3cf8hZgvdn2f8vLhqR6xHtpK3jOSFKaUNoTyCFp9fsdEd"
    "0Mel2Bwh3Rk+1z4NiA7iMsUmcj+ijpgh2oqdHFZ/DAi1P+NplVdXHlcVcVz1iXRMahGkYa"
    "68Dwo5rgrvDcMsv2GG9SuZJXPdJ1rMe0eSS8z6BYcpIdl1AX32ofX785D8Xl5fvXerBxhw"
    "dnl9GltO/dfMJmoRiqUErmQrZ1je9pv8vzQB+z4mG+dcyeMY8Pa5loMtNAJx4qKkMp3LE+"
    "kxgwj1p0cNXsB66AOeNTKJkHiRVCFySsPs9C05MWa+03A/bgII1o+wssOYVtTk6doFimAm"
    "lHeDncSWWbCJIQJ8Qybt60Tdo7pws0EjPEOwfxEcE5aZ2GQIrc7j3un19WVITE8vonJ4++"
    "H0nLNXsJZXorbRMq7rcu5YhHfMwc/OzyDFBjnqPdkiSz2mOVsOkDwGsthlY0rirBTvvCFe"
    "PlIy5btBpYt1zq/RiOgJmm0iT1Monxhvf7s4/3T+0RQS6qCwVX5y/rAEVSVxyfTqVm+xPI"
    "kslN99bu79hPd6rb1391+PvyXpmy0EeEyMOuIbnYfvDKPf73TidoHadwe9V03+fVmWypPU"
    "ZfIkukRqdEQtU8EG4ZuRR2oyY5ZREFMon5ggPljYHCoCiwfhdco3rIZublUYYSOv/MUVrs"
    "zbxUD9zW0Za7fts6JON6KObglyp6OL1lULwccj+Pg64mqP7XesTrjCimcmInp8maydTww2"
    "Ji9OiaFRPZM8LvShix19p5/UBudcMe8nuNudOpTvfv1IuPKTvDcJHsKe+QvpjhkH0s7GQw"
    "IxIqMO1xkGdLwOsCrmRRBdx/mksCJKZ/bMUlGIqP5ILYHAijBdeA1VFSr+8o5Dx/IoXUIb"
    "VQKocFcbdzJP87gJTPYLHG+U4BKzOQccu++sUTjhN1Vc4vyeKo73VL7u/MCfot1w/D437Y"
    "4T+FrpliPdcqSDRgnODKVbzlPkunTL2Q23HP5SVqJJO8Ug6tWu4IG9e4CY7cg+yUS6D+cW"
    "+806bweYCEooH7Jxw8wlY0MT9RlTgYBPUEWdKwYV1Kx6TJBGhntEAN1a9EzJThMKCZ7puG"
    "EWK0bPeOEauzlEF4bPBCU0OX4mOmTXAGpGY2I5x+nSEUm8f3R1e3m51ZAkAX2akcTlyyIL"
    "CXxh5twpvh36tXPSINwsBoy/s/PAYBpBzD2IsH0u0AUvtoimCQ1FOHiB58wfjOqcSUlZVI"
    "rrKMGU89mTBXumuV+3bUdgnMOwk8vycKFbOQwPCRpxBi+67eZ86MMr7B3sH54cvnp5fPiK"
    "VxGv6T05yaDbptsWYCDFYYWkGuf6ZBSbBkMYu7RlVntrn8CPDQTClirhc6GyjC7IEV34OI"
    "tCGt08BrTRY6mKVlUVrQ6cUhettC66q5iuEB4fCMUxwUd2DX4XbWwOW6IxsosG1K0cb565"
    "U25MZ/ddDtIV9oBvwxbOMhdous7LBbXcInMJuN1tMpmA2+cGjy/dLuW5pTy3lCdYZTjBku"
    "eWT5Hr8txyN84tZTqBpxBKLtMJyHQCMp1AadIJ8Ol8bDBgrilzCWxnBi8il4DBmR0H/KPz"
    "NHwM4jzcYOyVv1N0LCjwDvZPmDO2sU8shAsyMHVHA1P9uMoE7vGyS7coPG+FqJbaFpSNj+"
    "L4FtYk8XauN92C8NRf2BSNsD5DAIjYJ8Cp5QA/EjstBzaI/oOVogkF2XuUbwMhjyPl+VkZ"
    "znoWn59lOewRwrP6MU+FcC74eCc1cC1TzNp2otXEkpPVocmLpHKoiopS22x82jYi02RMmj"
    "zbkVb+Uhme5NnOU+S6PNvZjbMdGZNW6Zi0gBqaVY0JkMh9d1ncgEtmfirEimE5m+IVjRgV"
    "21vXIzaMgHiWzQW4nIN0Z8PRzh9TzB52QX2e0YM8ZjZ5gElf6BsQ1IWRwaZ1NDUoX/HE5d"
    "mganCc+32+kEENuExbdIOejWjfEIYudOd0eFd7nhR4ttb27/Q7XQTfcFUIgLHTnXYIX051"
    "0kDtATOdruw0t8K8TVUTEvmFAtj4H9QQeVJ5nxmvBc9lKjil/acSR/bTwcHLlycHzZfHr4"
    "4OT06OXjW9gLJ40bzIstOL96CkhnScxdFmWzxgKOekt6KeszW1sZJo8tmX5VUbgzQSzzCe"
    "Q/72cSyzxZa6tGXevtqxpQO+uvPXUZcKKT1sZthPHqZvJg9jO0mDdFnSISPAnjyEfYoyg7"
    "2sh1gWgA/SAT5IATjnNBEiktv1qN+BuFkkjue/b66vUpQCjyJqSqZdC/2NNGruoLfIHDQB"
    "ipC5OOZeFfWkisAODUTdq3DPStp3psPuEUjUl0fdIPyzTStxBpk3Swepqufjtn/wKotp9e"
    "BVumEVyiJWc3lKWbHzqrRTypi9cou2oEvWr6WZg6CsvtAipGhOtYVGofaACOuKYyhB4HHB"
    "G0C8gTrCOhPXXMDtXWLqBrsOn0T40vlaGHDElRcGm8aNQWtsdwVrDRmz7iCPnuURbNW9Q3"
    "h0HO6ER0dJ5OZCJaMxs4jenUFAQ4L0RGrMlSHq11WGZJbZvuqssbaTLcQaqeJmEayraMCm"
    "XgCSbk6JQdQ3aEr5IJtYwoSpzhDt2ZTUBO/cIRlbSUbWYjqZm9mLYzA/r1dgtVvguBWFNu"
    "w0tjbvLWmS3ZRJdkgSroxKV0Od6lW0FBwdrT98y9XaB9hMWMcWa/suXQXxPj7MAPfCu5ek"
    "tr+qylAm7T5T8KtpYWuS4Nh/M8Kalrpq+FTViSvae3lwcuytFvDHvPXh5kPr8jIp6EdNWA"
    "HArSztPE5dfgkoGYybjmckln0VY9ZlwK1fBayLnv011vWiebLiG6SpHsaFaDTucXzCBNwy"
    "DDybf4ifNAFXzmoMm+3P92VxSdwhVWR5n0SZQ3MVD7oMYZWFGn/8qxSTDD+hixbnGH3CNz"
    "tmsfdoVB+Cb5udRX06YOQR8qxj4b4PedNN1zutgS7A340NIQ+NiYZcNxVecWDshD2asHgm"
    "WXuK6KLQC/kCMC5/G59oJFOoY7A7n0oGApZq4q3PsR9VPoF8C+5csHPIz4TEliV3/Ixvmk"
    "c0Qd89ZRxXrKdoYgGyitz2Ps8musZ72WFmzm3IC1OtZ6Bv12pd8DYOmud6SsL2ItW0EyQp"
    "sXHHT+sCjvAwk7wRraAeMxA85vNlhxhZp5e1XAwS0qDzYL4S3kvNIM1l0RaBBQB3dh/NNW"
    "MrDdPpUFfLDSVk7Psypry1Jbgepqwg13eEy5mOI2TSrDV7Awc2jzkgDVNJUGUmss3f5OOM"
    "QWmIXARrWFjLZIu8xB2i1RLMkHZBfZ4FUoMq27qhpp7FuGe/4fJ2PWgnz0U1Tn8+WeHJzJ"
    "weN5jKzOlRJjLbTful3JulAl7hvZlMZFY1rifs1WQisxImMhP/xhiQmMXMrVrm46HlXXPq"
    "W7644tboQ3qaAu6sCGuJESfNlCsrwjTyxgp5V8KSkrV7dyVIA6K0dZXBKLOerPtiO6zx91"
    "lD6n3P5lIRxAvNv/+R42Nfq5JgvfIL6/MsWICxfQFLRh86OGRlPUgRZ7IRsQYcFSToiSrC"
    "GDlO/DeqCy82N4Z4ytnCpm/slHIihRzXMG+vLq/fvz9/G3eiK6iPnIY2oqtmhvjIAIKKQ7"
    "KsMWibkXklcjFZoxd7uhUIFIbROOlW+FQPiCDJ5jaHxccUrc3rwZWYGKQLDr99sgpaV3bX"
    "mmIb0UqSL+DGnn6Tljq3aO5CZ7rTd6ZVroVMrinuUd320aaqaxIR3n0/8E3DHxZ9eCOyYN"
    "jB/V3btiLyYEwHFJYf/qcB8f0m4qsNSfIVL6aTnOtcxitqXACXu6Im4OCStR+fJF9XGjYt"
    "eMksyQ28zoJE8iynVBu9eau4PMtJX9x306qf5SwnJOE5+R6llZzfJc5LD8vK6pmx0Fncz3"
    "79TZigejbug6PjuJIKGdsewG9srwVf/uBnbmN9A4/srFGgYgpjSdy6/YH9RfnnvzhqNNGz"
    "3/f336BLqk++oC+vjpXjwzfIeHy9f9hsNJ+j96Q7ZC8OmvtN/v8+esclqce+vBClGc+T0g"
    "OdRJkMnZah0+Uyjpc0dPpm0hHX8STtg52i+tx9sF2pzJeuuq+49KWreV0IvQ436ETo9Snd"
    "COXWs2KqaIU3INKNsGpcl26Eu+FGaFErKe9E4nbQqysdCYtwJGyZQzuE3eZ1ER6FBu84zu"
    "yPztNwThHn4eZ4HdBlHNUb3sH+CVPINjSZQjwMKVeJGfAd8Itx451m5yoM65YRkopkHIHh"
    "RLuBvWLsYiixDxLznaPaw/QHmb5j8iPec57MrDOHibxmWF6MWyykq1+Mux1LSjvFjNJeaE"
    "PZggFF5XVhb5DNuGBbFlyawm0Z0pAhDRlyS1ueLa00ZDxFrktDxm4YMmwFaBnJC1OuQfJK"
    "dua9u4IWn1+x0R3Qx6XYHCHdGT7DJlj3rrNyPqKOmCHaypiJr0pjQJosS2Oy/GRQi3j3Gp"
    "rI4FMpNgsxXQpO5o2GjhDJcOj8xsrga2aTuQhF9dzG9pv8vzRJ+z4mJO0pQ2Ns4L6BxwNT"
    "XFDomPgbmQRFdJee0NoulXb+EopOwLqUSyEN0O2OmtJC8D5CMcFIxbO6c1cDxKFBVCmsEi"
    "I0GkJwoKryF9PJwxNUYGz+JgSlwrCYNySSAlNDI6I0o2EdMgm8ikjU2KCMqxwp8byLL0oI"
    "0m9wwru8/pRzThPB2hORWcbeKZfksoS0OwOzwZ96d2CR4Lev314vg34PGwA9XDHTZaN4oO"
    "F2GCCz0+xodhqRzyP5vrdLqg+JemEXRcKqAkTLXfe2qorWmVDNorrZgP62oZol3gKHTRGB"
    "QfICGqWTmH6N+k4rIhw6YYp3H4en9ChRaS+yyD7TrPvWCtdxR1kK4TnkEusErEdcZ8qNcJ"
    "hI4hrHFcDK6fIUIpJOT/OdnhzYYvDmdns68xraTVgXOj6FhtXyCdYcqV8xvdqZ3UqF4E7S"
    "CVYEKRBCV0WQbKVyDYMJfORajoZaVbBkXsMt5TUMDa4UB83g4JvvqKm4O6mMqZ8+DRjCyH"
    "XgdohVZLHX/PGIwIV95oCO68hkdoQ9tWzL8RROv8F2bFdCGsGPJG4OK6SDBG/Sz553st9m"
    "7X6ej6lfL0M6qDC0Soh2nc6fqdn4EpW1BAU4w0HpdnMfrkUBTnfvDHM1O74xOpnyUMZXyP"
    "iKEiy+0W3GwviK0G27/mKwOrAiQXbF84DE5sGyxbCkXmAWUjwXKEk5bjKrtZCobSsnjibT"
    "IdhI0HXmV52rtQjC+QqLe+iQSVdxbu1yaaSOUiIdxWNkjmU0SCPXUamWSLWkZAtnLrVEc9"
    "epFTGtmqElCmpw1iuTIiKUwAQdxFUO09UPyLO24WBag/SpaREjR4ireEslRCijXMs2Zc9T"
    "MYCBOW6iC1avYETG/hGc54YiMl7yB3+Y/DvN7oCMsOKOYy45zBhhK4TKt9iL1F4ii0G7iM"
    "9IXERs93GV9iFDPevxv2bIrl9HD40H/kN5EFUe9h4a6FagVEd8rmfwGaiLzXjijBpWcTZH"
    "9KM5buhHMSd097OUnBewROnkTSxZ4mP44KIJS32iGHp1KyiDdlRUODTjZzf4aY//3O/xHy"
    "c9+PWnnhsI9ePPdq3GgmrP7u4a2Wo+T4ypSpZICIvlc+6Yfxcxna+c6BpEVNlhsjM2MRCb"
    "6uBcz39H2CBcyhFWR0kZiLk8/+w8gLWliGgsMYLyCnaISEp1FpzxI195DWViZBXtMEEV5b"
    "sp7CRBAX82sKyx+frFCz/K0ZNLL9bx7u6u9sM//8X/uXtx/2PGmvf/+PsFHtMXNqpm5g7+"
    "77v7H/lMYT72nye6IuvoQbzzA7r9eGlHzPAPGnChV4mBHkJ98nUccHlth1nSrjXhwq/y7Y"
    "tuR9XDY3fJjM8Foab4xADvlG1C4Dinj1RRGMtqJuajhO1mSkYzr/oTzGYGHEMjPEMqQ+SR"
    "GDNxH18d8Z2B+NMOldpqkjOVmoD0UikVwqS7E8R2Q/Uu8V0CBJe6WP/BzviPqP5GtOpcE8"
    "WrzKC4gW4GsDpzVV2MabNu1xLZHPm/DNieNYSnSpFuA2wO+CgYY9OcsqTLY9OVhQTSKq5m"
    "RSgNMUNMHtGNEctURGURuSwJqGQqou2kIoqda2RxQea6mSJuJVzRF7I1pm1oZgdFMZPPqH"
    "2j9noctoVzRXav7ZJFQWaCy/etWAdWFXNESQoX2lgMwC6OJqqS0ZjPk3p3BrabFbG68Ftz"
    "EvZUcVxR/ZFaAolV4fIaqipUwRuEV4gw8S8rrgpIRZ4rt4hBu4NawsmyU1Kfd7aM/TpFHi"
    "5LZ7FNOoulbhzSt+jpWwe5NU+z548THITTEXaqVxDd/WYzy4nz/MRn8eQoupV4u+m/b66v"
    "0mKUPZKooYN2LfQ3KjIlxHY89ACMkDUjlussmtasHjZTQAOn+fa861/Mvv0P6RL1SA=="
)
