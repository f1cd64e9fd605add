from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE IF NOT EXISTS "boards" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "description" VARCHAR(10000),
    "is_public" BOOL NOT NULL,
    "color" VARCHAR(7)
);
CREATE TABLE IF NOT EXISTS "columns" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "position" INT NOT NULL,
    "color" VARCHAR(7),
    "board_id" UUID NOT NULL REFERENCES "boards" ("id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "rate_limits" (
    "key" VARCHAR(255) NOT NULL PRIMARY KEY,
    "attempts" INT NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS "rate_limits_ends_at_idx" ON "rate_limits" ("ends_at");
COMMENT ON TABLE "rate_limits" IS 'How often something limited was tried in its present window; the table is UNLOGGED.';
CREATE TABLE IF NOT EXISTS "tasks" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "description" VARCHAR(10000),
    "position" INT NOT NULL,
    "due_date" TIMESTAMPTZ,
    "priority" VARCHAR(16) NOT NULL,
    "status" VARCHAR(16) NOT NULL,
    "color" VARCHAR(7),
    "column_id" UUID NOT NULL REFERENCES "columns" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "tasks"."due_date" IS 'When it must be done.';
COMMENT ON COLUMN "tasks"."priority" IS 'How urgent it is.';
COMMENT ON COLUMN "tasks"."status" IS 'How far it has come.';
CREATE TABLE IF NOT EXISTS "subtasks" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "title" VARCHAR(255) NOT NULL,
    "is_completed" BOOL NOT NULL,
    "task_id" UUID NOT NULL REFERENCES "tasks" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "subtasks_task_id_id_idx" ON "subtasks" ("task_id", "id");
CREATE TABLE IF NOT EXISTS "users" (
    "id" UUID NOT NULL PRIMARY KEY,
    "username" VARCHAR(150) NOT NULL,
    "username_key" VARCHAR(600) NOT NULL UNIQUE,
    "email" VARCHAR(255) NOT NULL,
    "email_key" VARCHAR(1020) NOT NULL UNIQUE,
    "avatar_url" VARCHAR(2048) NOT NULL,
    "is_admin" BOOL NOT NULL,
    "hashed_password" VARCHAR(255) NOT NULL,
    "registered_at" TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS "board_users" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "role" VARCHAR(16) NOT NULL,
    "board_id" UUID NOT NULL REFERENCES "boards" ("id") ON DELETE CASCADE,
    "user_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_board_users_user_id_11b7d6" UNIQUE ("user_id", "board_id")
);
CREATE INDEX IF NOT EXISTS "board_users_board_id_id_idx" ON "board_users" ("board_id", "id");
COMMENT ON COLUMN "board_users"."role" IS 'What the member may do.';
COMMENT ON TABLE "board_users" IS 'A membership: which user holds which role on which board. Ids tell the order of joining.';
CREATE TABLE IF NOT EXISTS "comments" (
    "id" UUID NOT NULL PRIMARY KEY,
    "content" VARCHAR(10000) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "task_id" UUID NOT NULL REFERENCES "tasks" ("id") ON DELETE CASCADE,
    "user_id" UUID REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX IF NOT EXISTS "comments_task_id_id_idx" ON "comments" ("task_id", "id");
CREATE INDEX IF NOT EXISTS "comments_user_id_idx" ON "comments" ("user_id");
CREATE TABLE IF NOT EXISTS "sessions" (
    "id" UUID NOT NULL PRIMARY KEY,
    "created_at" TIMESTAMPTZ NOT NULL,
    "last_used_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "user_id" UUID NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "sessions_user_id_idx" ON "sessions" ("user_id");
CREATE INDEX IF NOT EXISTS "sessions_expires_at_idx" ON "sessions" ("expires_at");
COMMENT ON TABLE "sessions" IS 'A sign-in. Its id is the token''s `jti`; a request counts only while its row is here.';
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        """


MODELS_STATE = (
    "eJztXY1z07gS/1c04WYOjjS0BVoe3Nwj/eDIu9Le0PTx5mjPUWIlMbUtY8mkmV7/97cr24"
    "k/UydtSmLMMGkiaS15V6vd/a0sX9csrjNTNPY4dfXaa3Jds6nF4Eu8ok5q1HGmxVggaddU"
    "LbvYRBXRrpAu7Uko7VNTMCjSmei5hiMNbkOp7ZkmFvIeNDTswbTIs42vHtMkHzA5ZC5UfL"
    "6AYsPW2RUT4U/nUusbzIyP1FDjU+WaHDuq7OysdfBOtcTuulqPm55lT1s7Yznk9qS55xl6"
    "A2mwbsBs5lLJ9Mht4CiD+w2L/BFDgXQ9NhmqPi3QWZ96JjKj9mvfs3vIA4I9aZ40gLU9bj"
    "lUNrBk97dgnBEaTTs+aWunh21Nq83ByB63UQiGLZFr1zf+dafcUaU17GD/ffPj4+c7TxQ/"
    "uJADV1Uq3tVuFCGV1CdVEpiyvOcyZJBGZZr1B1AjDYtlsz9OmRCDHpA2wi+LiCMsmMpjOh"
    "dD5obsWwLDa3CD+oltjoOJMEMA7daHw9N288Of2J0lxFdT8a/ZPsSabVU6TpQ+9uXFQc18"
    "7ZtchHxqtd8T/En+Ojk+TEp10q79Vw3HRD3JNZuPNKpH5mxYGnINWk6l7jn6glKPU1ZSXx"
    "WphzyKiD0Y/VTq0pAmSwu8za5kSs6TtgkRA6vWUagWvdJMZg/kEH5uv3yJojHsadEW3imV"
    "krnq7v/+/Pf5+dXm5sUv+EX43ydlP6VHUtsikuOFSW9I0XAyV9SJzSWhpkl4n4AptEjXpP"
    "ZlA6nZFbUc0zeHtU+sKwzJiEnBtgxrFzOm3H+bH9ViDz0l5tFxULXt193EJB8dbDH5JygW"
    "mgXBSrSak2BrE/7lSf2nlIwOvzEXeADXB1FSSSxPSNJlROc2g7997jKUMekbLlSAwD/Qca"
    "OQKNVAcoUZ1MbFaQjN8bqm0UsL851JB2lPKdo+Icou5+ayNDp0n5YhTKzvRTuJ6+OnofI+"
    "CUO5EWEMbKZvGOC1CSi06JjgMq8kppzelFLiVWdJb+/k5Ci27O+12gkZnn3YOwTxKtFCI9"
    "BwLG4dtxPSBDlxt6BaTtqWTyF3E8r46PPmxr/oRr+58e7ieucma9FtEuSH5xIqSOeR6w4G"
    "3W4nvb4+2u6/2oTbK6KNu7mauItaiKFL/zLiSWNBl/YuRzCJtFhNJABjVhfswdBwRFrMew"
    "Hxuz8+MpPmrLfREO4MZvAamuCbcCqHpVkeij/R78ilfV9bSsQinGR8m+dNu3SVtW0lS6hN"
    "B+qWsG/sKTWn8jCDcMLdghtouLQWAw9Acac68ZqMhkZv6K/MQw5jDgpcbjICgbb/y1+mSQ"
    "uqJQOfCpdu7upAA8b2Czds4KxS/Sifl9pRBtDxueYFzFJXqV0kkI/r2lQqAdd8FAM+L9Sy"
    "5YC7L4BLE8GFEonwWAsp/f9XShaBDviLH7Bf/biZC2pp2XIOpAXnZ0LHAvtyN4hlmQZngE"
    "PY2N56sfvi1fOdF6+giRrmpGR3hokILXc+mIITKc3WfYgIDm3PUrxtwYCo3WMpHoe0qxxv"
    "gVcFri8qhK9VypHSeUrtCvnfO0V842S0HHGMd5JecVSfimKIUZr7RBJXw5IshBVGUCJYbO"
    "bkZ4SkYmeWv5iYrhkBHESSEK38wcap9WKGU7i+TE15O1Ds0tHEZMVUFO4e7pn5kdR+83S/"
    "eXBYS83Ze2BqyZzsJE8japrN0vywZpm+6H64jqQc0alPn++FRoKHKn1Vpa+q9NVaJjKq9N"
    "WPKPUqfbW+6auWTRyXo6DFMnJXMIuM7MTVn5GamPSjJLejFuswARRwgemqBFxRJ7clQtoQ"
    "ratRE2pxe0AMKYgwuiZ0ByLuu9zC644M4JInyYA6okFOma1jpgtzW44HBBjyu6zHXZUycR"
    "mhtk7E0OgHdRxLxRviJ8PG3PZTK3AZYjFqi/BXavJszpowVapknVMlFTRTYQkPzNR7wBKK"
    "5PMkFZd3zFG14RIl4vNSM1T73LKY6ioDFvCr6rNxAdVo+cBALLuDk6RwciccohZQ3Z7Ywd"
    "U10lsI6BTtJ2h/n9mjCulYLtLBbRlM9ULOz6R1CSOgcO9WsRgovZnriPNLQQac6xj2QMC/"
    "rI1aFTyVL9H1BCoqeOpHlHoheGpq8IsaxghJFeGsSvJ5xSL/pcSLMgg/7hguliyKqSeixY"
    "h6rlrieTUn6cJ5Z+ifHJ8dHX2vxPNH4PSRYRmZQea0sj4rzERpaSa2K7gJ8j0fEd4HN50I"
    "bjH/2QJFz3QyogIYaMA3w1aQLYZ04NCTEUiYj94oQFV1TQxBzo6PTn7//fAgvf9xSX3MGQ"
    "szWxfo09wSnUY4qAUkiwaol2ycVkbciJdtOYLm9xMqfd8tjslU0X0lZPIjU4y5LEdmIGK5"
    "G0qjJCVK0Nx1Z+mUp6HGzBk/RMhKGDysb7Dgx4hzPDyyTGN36i+/WaYurJpp6ES4fBeyck"
    "318NWGYTdIC2yMoaMxUZaFXzL7Z0E6X6TReUMocRnMMiFJj3sgcMIhSsQt+Wh+4KcLlgwo"
    "MfuYtc1/OZ3MaecKorAhAwuisAmoFy5swJUL2NNJP1OSCvBdqRBtllmtsMN8a7ueKFIR7N"
    "CkQuK6sIjck7SV5NdJ8pF1fV6vL0ZZQqmviZRzHb+VwDXXSKiLA5vV4x9r/PjHqddVwHRW"
    "YBJUzQ5M/EarvNEjHGLxjR6VS1655Guw9JTYMavS+WWTevW0yfo+bdIUl6TPXULJV4+D27"
    "KEJ04MoaGRQq8oa1N1zglbMZIHPGRrUvIdT9kyJMKmeBZaSmBqeA90kla1BafaNPK9Y6tb"
    "N418n9iqnRNYtW+Nqh4mpKrCnCrMWYNVYE0d3irM+RGlXoU56xvmfHLxRGjcwqCwROKCI0"
    "HFUsKd6nDoux4O3R5x4oCIBy51hkI9HB+Ep0t7sqg6FaE6FWGiwOBao3Wd125H6e7Baj+M"
    "RiPmgNuVYyewFzyBcn3tdtpdc1yDg43I2eZ8+3mjUfqHs+e1o5NPcwZDag+75w5wZ7rCmV"
    "bkuFHgq/QyNj0XY/+U+gGZ3z45OFmE+32qIL4hFQTC2qLatmwBVIfBrOdhML5U5sRpY0QV"
    "Ujsbqe1NTsu8I1ZbuqP06wm0NjatFj8RJnrESJzl8724YHKaSUnYHTeYke05izMpshOoLE"
    "xaJu6f92aH21/qUPx1DhXuXw7cHyWuvhfzqaLNS4gIbr1MHTHzHAq+CLhP0Rsyi2rhNr3r"
    "Wp+7FpUxrtyk/a7nCAjCdQkYGUQDFWCgGwNEH3gffo2J375OOo0OfGgd1aSz0XlDfC7Vie"
    "c4zFXFJh/Btx4VCC/4byZjRFArnYSvUZ0WQ6JezsChXqZQqPBmtTmft03Sle7B253NzQLc"
    "3pmB+u2kMT+YcoZZUDknbUuomRlYPWpmHKx9G2L0G/C51YeP3f7F07d+RSNd8/j8vJFb+S"
    "QT329KYsEKm4D459NU0rKhhRjhauDvokEOwCVMRP39kjGGanxkE+7id0IV1EioDizIVPW3"
    "QQEao2VkDNTkmlfnY0SlU/itze0iGo/NZgD92ymdp9/AWrua5xZV/DhBGbV/Uz1dH9X2x0"
    "MpHfH62bNpZi5U3/Paz7/+Bn/On108nVF78cs/z6hjPPO5J2Ze6N+PLp7CYiG+DZ5krQqY"
    "WnCMnvRc9hrVtKMGB4Zc11UmT+1dhNEPQcnxrWKdWMedBjlifUkw7QAtfYb4y4BKKdiM6B"
    "DB2n6OAotCW5peCWIXhmUBh1xsOQAW568HqjK1Y1KtRhmQQ85uyUnzH2ynZCix4NVZ/vtJ"
    "1bksdXwFnf+60uxXkj7kTsohFUOmaw4VYsSzjhbOX+czSMu4Ct3fySqR98exgSFgVVtoF0"
    "6KuNqIsyoJvbztV3McCFK9TXaRt8k+LCq7YmmiYqBs5DCXO4Cy03NjyjKRlgnKNhn4CsNa"
    "Biwb1NRnAbN02mZlkNnq1bF3fHUs+H2hBhV1tCIklYNVzMFCpZqDw0HzEnJ3qxA+uTV7V2"
    "I6sZ9zRP1/Tk+O89L6eefU6xBNkX+ICT7tGnJ7BnORGTGfNOTp4w/N/yXZvX90spd0NvEC"
    "e1kbAB7yyaKb/wPYe+lB"
)
