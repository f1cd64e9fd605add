from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "users"
            ALTER COLUMN "is_admin" SET DEFAULT false,
            ALTER COLUMN "registered_at" SET DEFAULT now(),
            ADD CONSTRAINT "users_username_check" CHECK (char_length("username") BETWEEN 3 AND 150),
            ADD CONSTRAINT "users_email_check" CHECK ("email" LIKE '_%@_%');
        ALTER TABLE "boards"
            ALTER COLUMN "is_public" SET DEFAULT true,
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ALTER COLUMN "updated_at" SET DEFAULT now(),
            ADD CONSTRAINT "boards_title_check" CHECK ("title" <> ''),
            ADD CONSTRAINT "boards_color_check" CHECK ("color" ~ '^#[0-9a-fA-F]{6}$');
        ALTER TABLE "board_users"
            ADD CONSTRAINT "board_users_role_check"
                CHECK ("role" IN ('CREATOR', 'MODERATOR', 'MEMBER'));
        CREATE UNIQUE INDEX "board_users_creator_key"
            ON "board_users" ("board_id") WHERE "role" = 'CREATOR';
        ALTER TABLE "columns"
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ALTER COLUMN "updated_at" SET DEFAULT now(),
            ADD CONSTRAINT "columns_title_check" CHECK ("title" <> ''),
            ADD CONSTRAINT "columns_color_check" CHECK ("color" ~ '^#[0-9a-fA-F]{6}$'),
            ADD CONSTRAINT "columns_position_check" CHECK ("position" >= 0),
            ADD CONSTRAINT "columns_board_id_position_key"
                UNIQUE ("board_id", "position") DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE "tasks"
            ALTER COLUMN "priority" SET DEFAULT 'LOW',
            ALTER COLUMN "status" SET DEFAULT 'TODO',
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ALTER COLUMN "updated_at" SET DEFAULT now(),
            ADD CONSTRAINT "tasks_title_check" CHECK ("title" <> ''),
            ADD CONSTRAINT "tasks_color_check" CHECK ("color" ~ '^#[0-9a-fA-F]{6}$'),
            ADD CONSTRAINT "tasks_priority_check" CHECK ("priority" IN ('LOW', 'MEDIUM', 'HIGH')),
            ADD CONSTRAINT "tasks_status_check"
                CHECK ("status" IN ('TODO', 'IN_PROGRESS', 'DONE', 'REJECT')),
            ADD CONSTRAINT "tasks_position_check" CHECK ("position" >= 0),
            ADD CONSTRAINT "tasks_column_id_position_key"
                UNIQUE ("column_id", "position") DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE "subtasks"
            ALTER COLUMN "is_completed" SET DEFAULT false,
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ALTER COLUMN "updated_at" SET DEFAULT now(),
            ADD CONSTRAINT "subtasks_title_check" CHECK ("title" <> '');
        ALTER TABLE "comments"
            ALTER COLUMN "created_at" SET DEFAULT now(),
            ALTER COLUMN "updated_at" SET DEFAULT now(),
            ADD CONSTRAINT "comments_content_check" CHECK ("content" <> '');
        ALTER TABLE "rate_limits" SET UNLOGGED;"""


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
