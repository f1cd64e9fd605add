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
    "username_key" VARCHAR(255) NOT NULL UNIQUE,
    "email" VARCHAR(255) NOT NULL,
    "email_key" VARCHAR(255) NOT NULL UNIQUE,
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
    "eJztXY1z2rgS/1c09GauvRKapB/pa2/ulaTplXdpuGnI65trckZgAW5sy7XkEiaX//3tyj"
    "b4kxgSp0Dd6RCQtJa8q9Xu/laWr2oW15kpGvucunrtFbmq2dRi8CVeUSc16jizYiyQtGeq"
    "lj1soopoT0iX9iWUDqgpGBTpTPRdw5EGt6HU9kwTC3kfGhr2cFbk2cZXj2mSD5kcMRcqPp"
    "9DsWHr7JKJ8KdzoQ0MZsZHaqjxqXJNThxVdnraevtOtcTuelqfm55lz1o7Ezni9rS55xl6"
    "A2mwbshs5lLJ9Mht4CiD+w2L/BFDgXQ9Nh2qPivQ2YB6JjKj9uvAs/vIA4I9aZ40gLV9bj"
    "lUNrBk77dgnBEaTTtud7STw46m1RZgZJ/bKATDlsi1q2v/ujPuqNIadnDwvvnx4dMXjxQ/"
    "uJBDV1Uq3tWuFSGV1CdVEpixvO8yZJBGZZr1b6FGGhbLZn+cMiEGPSBthF+WEUdYMJPHbC"
    "6GzA3ZVwLDa3CDets2J8FEmCOATuvD4Umn+eFP7M4S4qup+NfsHGLNriqdJEof+vLioGa+"
    "9k0vQj61Ou8J/iR/tY8Pk1Kdtuv8VcMxUU9yzeZjjeqRORuWhlyDljOpe46+pNTjlJXUV0"
    "XqIY8iYg9GP5O6NKTJ0gLvsEuZkvO0bULEwKp1FKpFLzWT2UM5gp+7z5+jaAx7VrSDd0ql"
    "ZK66+78//312drm9ff4LfhH+92nZT+mR1HaI5Hhh0h9RNJzMFXVic0moaRI+IGAKLdIzqX"
    "3RQGp2SS3H9M1h7RPrCUMyYlKwLaPa+Zwp99/mR7XYQ0+JeXQcVO36ddcxyUcHW0z+CYql"
    "ZkGwEq3mJNjZhn95Uv8pJaPDb8wFHsD1QZRUEssTkvQY0bnN4O+AuwxlTAaGCxUg8A900i"
    "gkSjWQXGEGtXFxGkJzvJ5p9NPCfGfSYdpTirZPiLLHuVmWRofuUxnCxPp+tJO4Pn4aKe+T"
    "MJQbEcbQZvqWAV6bgEKLTggu80piyulNKSVedZ709tvto9iyv9/qJGR4+mH/EMSrRAuNQM"
    "OxuHXcSUgT5MTdgmo5bbt5CrmXUMYHn7e3/kW3Bs2td+dXL66zFt0mQX54LqGCdB+47nDY"
    "63XT6+uD3cHLbbi9Itq4l6uJe6iFGLoMLiKeNBb0aP9iDJNIi9VEAjBm9cAejAxHpMW8Hx"
    "C/++MjM2nOehsN4U5hBq+hCb4Op3JYmuWh+BP9llw68LVlg1iEk4zv8rxpl66ydq1kCbXp"
    "UN0S9o09peZUHmYQTrgbcAMNl9Zi4AEo7kwnXpHxyOiP/JV5xGHMQYHLTUYg0PZ/+cs0aU"
    "G1ZOBT4dLNXR1owNh+4YYNnFWqH+VzqR1lAB2fa17ALHWV2nkC+biqzaQScM1HMeDzXC1b"
    "Drj7Arg0FVwokQiPtZDS/3+pZBHogL/4AfvVj+uFoJaWLRdAWnB+JnQssC+3g1jKNDhDHM"
    "LW7s6zvWcvn7549hKaqGFOS/bmmIjQcueDKTiR0mw9gIjg0PYsxdsWDIjafZbicUi7yvEW"
    "eFXg+qJC+FqlHCmdp9SukP/9oohvnIyWI47xi6RXHNWnohhilOYukcTVsCRLYYURlAgWmw"
    "X5GSGp2JnlLyama0YAB5EkRCt/sElqvZjjFK4vU1PeDhS7dDw1WTEVhbuHe2Z+JHXQPDlo"
    "vj2spebsHTB1w5zsJE8japrN0vywpkxf9CBcR1KO6Mynz/dCI8FDlb6q0ldV+motExlV+u"
    "pHlHqVvlrf9FXLJo7LUdCijNwVzCIjO3H1Z6QmJv0oyc2oxTpMAAVcYLoqAVfUyU2JkA5E"
    "62rUhFrcHhJDCiKMngndgYgHLrfwumMDuORJMqSOaJATZuuY6cLcluMBAYb8LutzV6VMXE"
    "aorRMxMgZBHcdS8Zr4ybAJt/3UClyGWIzaIvyVmjzb8yZMlSpZ51RJBc1UWMI9M/UOsIQi"
    "+TxJxcUtc1QduMQG8bnUDNUBtyymusqABfyq+nxcQDUqHxiIZXdwkhRO7oRD1AKqmxM7uL"
    "pGegsBnaL9BO3vMntUIR3lIh3clsFUL+T8TFtvYAQU7t0qFgOlN3MdcX4hyJBzHcMeCPjL"
    "2qhVwVP5El1PoKKCp35EqReCp2YGv6hhjJBUEc6qJJ9XLPIvJV6UQfhxy3Bxw6KYeiJajK"
    "jnqiWeV3OSLp13hv7J8enR0fdKPH8ETh8ZlpEZZM4q6/PCTJSWZmK7gpsg3/Mx4QNw04ng"
    "FvOfLVD0TCdjKoCBBnwzbAXZYkgHDj0Zg4T5+LUCVFXXxBDk9Pio/fvvh2/T+x9L6mPBWJ"
    "jZukCf5oboNMJBLSBZNkC9YJO0MuJGvGzLETS/m1Dp+25xTKaK7iohkx+ZYsxlOTIDEcvd"
    "UBol2aAEzW13ls54GmrMgvFDhGwDg4f1DRb8GHGBh0fKNHYn/vKbZerCqrmGToTLdyEr11"
    "QPX20ZdoO0wMYYOhoTZVn4BbN/FqT7RRrd14QSl8EsE5L0uQcCJxyiRNySj+YHfrpgyYAS"
    "s49Z2/zL6WRBO1cQhQ0ZWBCFTUC9cGEDrlzAnk77mZFUgO9KhWjzzGqFHeZb2/VEkYpghy"
    "YVEteFZeSepK0kv06Sj6zri3p9McoNlPqaSDnX8VsJXHONhLo8sFk9/rHGj3+ceD0FTGcF"
    "JkHV/MDEb7TKGz3CIRbf6FG55JVLvgZLzwY7ZlU6f9OkXj1tsr5PmzTFBRlwl1Dy1ePgtp"
    "TwxIkhNDRS6BVlbarOOWErRnKPh2xNS77jKVuGRNgUz0JLCUwN755O0qq24FSbRr53bHXj"
    "ppHvE1t1cgKrzo1R1f2EVFWYU4U5a7AKrKnDW4U5P6LUqzBnfcOcTy6eCI1bGBSWSFxwJK"
    "goJdypDoe+7eHQnTEnDoh46FJnJNTD8UF4WtqTRdWpCNWpCFMFBtcareuidjtKdwdW+340"
    "GjEH3K4cO4G94AmU62u30+6a4xocbETONuebzxuN0t+fPa8dtT8tGAypPeyeO8Sd6QpnWp"
    "HjRoGv0svY9FyM/TPqe2R+p/22vQz3B1RBfCMqCIS1RbWtbAFUh8Gs52EwvlQWxGljRBVS"
    "Ox+p7U9Py7wlVrtxR+nXE2htbFotfyJM9IiROMsXe3HB9DSTDWF33GBGtucsz6TITqBNYV"
    "KZuH/emx1ufqlD8dc5VLj/ZuD+KHH1vZhPFW2+gYjgzvPUETNPoeCLgPsU/RGzqBZu07uq"
    "DbhrURnjynXa73qKgCBcl4CRQTRQAQa6MUT0gQ/g14T47euk2+jCh9ZVTbpb3dfE51KdeI"
    "7DXFVs8jF861OB8IL/ZjJGBLXSSfga1WkxJOr5HBzqeQqFCm9WW/B52yRd9eBtEaAWppxh"
    "FlTOadsN1Ewfq49js29CSH4LPncG8LE3OH/8xq9opGsenp01cisfZcL5TUksWFATiP5iik"
    "laNrQQY1R+f9MM3jBcwkSQ3y+ZYGTGxzbhLn4nVCGLhOqwFmVq9pugAG1PGQkCNZcWVfEY"
    "UaXfRfhMv4FldjXPLarkcYJN1PRt9SR9VNUfjqR0xKsnT2ZZuFB3z2o///ob/Dl7cv54Tu"
    "35L/88oY7xxOeemHuhfz84fwwrhfg2fJS1JGAawTH60nPZK9TRrhocGG1dV1k7tU8RRj8C"
    "Dcc3iHVjHXcb5IgNJMEUA7T0GeKvASp9YDOiQ7Rq+/kILArtZnoZiF0Y1gQccrG1AFicP0"
    "lVZWp3pFqKMuCFnJ2R0+Y/2K7IUGLBa7L8d5GqM1jq+Lo5/9Wk2a8fvc9dkyMqRkzXHCrE"
    "mGcdI5y/yGeQbuIqVMZi77KhIWBVW2rHTYq42nSzKsm7vK1WCxz+Ub05dpk3x94vArtiKa"
    "FiAGzk4JZbALCzM2I2ZSKVCcA2GfgKo1oGBBvU1OeBsHTWZmVQ2Oo1sbd8TSz4faEGFXW0"
    "IiSVg1UwmgalWoDDQfMN5O7O9naxPYjzdiCmk/g5x9H/56R9nJfCzzuTXodoivxDTPBp15"
    "Dbc5iLzIj5pCFPH35o/i/J7oOj9n7S2cQL7Gcl++/zKaLr/wPa9OOc"
)
