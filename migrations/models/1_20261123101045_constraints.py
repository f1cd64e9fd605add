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
    "FlTOadsN1MwMrB41Mw7Wvgkx+i343BnAx97g/PEbv6KRrnl4dtbIrXyUie83JbFghU1A/I"
    "tpKmnZ0EKMcTXwd9EgB+ASJqL+fskEQzU+tgl38TuhCmokVAcWZKr6m6AAjVEZGQM1uRbV"
    "+RhRpfBF+Ey/gal2Nc8tqvVxgk1U/W31aH1U1R+OpHTEqydPZmm5UHfPaj//+hv8OXty/n"
    "hO7fkv/zyhjvHE556Ye6F/Pzh/DCuF+DZ8lLUkYF7BMfrSc9kr1NGuGhxYcV1XaTy1cRFG"
    "PwINx1eKdWMddxvkiA0kwZwDtPQZ4q8BKp9gM6JD+Gr7CQosCg1pehmIXRjWBBxysbUAWJ"
    "w/SVVlarukWooy8IacrZLT5j/YNslQYsF7s/yXk6pDWer4/jn/XaXZ7yO9z22UIypGTNcc"
    "KsSYZ50rnL/IZ5Bu4ipUxmLvsqEhYFVbagtOirjahbMq2by8vVcLnAZSvUp2mVfJ3i8ku2"
    "I5omKIbOQkl1sgsrNDYzZlIpWJyDYZ+AqjWgYmG9TU56GydNZmZWDZ6r2xt3xvLPh9oQYV"
    "dbQiJJWDVTCaBqVagMNB8w3k7s72drFNifO2JKaz+jnn0//npH2cl9PPO6Reh2iK/ENM8G"
    "nXkNtzmIvMiPmkIU8ffmj+L8nug6P2ftLZxAvsZ2X/7/Oxouv/A08M6N4="
)
