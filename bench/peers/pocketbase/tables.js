// PocketBase's tables: of Corkboard's those that a task's access needs, with the rules for it.

migrate((app) => {
  const id = {
    name: "id", type: "text", primaryKey: true, system: true, required: true, min: 36, max: 36,
    pattern: "^[0-9a-f-]+$",
    autogeneratePattern: "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}",
  };
  const text = (name, max) => ({ name, type: "text", max });
  const times = [
    { name: "created", type: "autodate", onCreate: true },
    { name: "updated", type: "autodate", onCreate: true, onUpdate: true },
  ];
  const make = (name, fields, indexes, more = {}) => {
    const made = new Collection({ type: "base", name, fields: [id, ...fields], indexes, ...more });
    app.save(made);
    return (field) => ({
      name: field, type: "relation", collectionId: made.id, maxSelect: 1, required: true,
      cascadeDelete: true,
    });
  };
  const user = {
    name: "user", type: "relation", collectionId: app.findCollectionByNameOrId("users").id,
    maxSelect: 1, required: true, cascadeDelete: true,
  };
  const ofBoard = make("boards", [text("title", 255), { name: "is_public", type: "bool" }], []);
  make(
    "members",
    [ofBoard("board"), user, text("role", 16)],
    ["CREATE UNIQUE INDEX members_board_user ON members (board, user)"],
  );
  const ofColumn = make(
    "columns",
    [ofBoard("board"), text("title", 255)],
    ["CREATE INDEX columns_board ON columns (board)"],
  );
  const isMember = "column.board.members_via_board.user ?= @request.auth.id";
  const mayRead = `column.board.is_public = true || ${isMember}`;
  make(
    "tasks",
    [
      ofColumn("column"), { name: "title", type: "text", max: 255, required: true },
      text("description", 10000), { name: "position", type: "number", onlyInt: true },
      { name: "due_date", type: "date" },
      { name: "priority", type: "select", maxSelect: 1, values: ["LOW", "MEDIUM", "HIGH"] },
      {
        name: "status", type: "select", maxSelect: 1,
        values: ["TODO", "IN_PROGRESS", "DONE", "REJECT"],
      },
      { name: "color", type: "text", pattern: "^#[0-9a-fA-F]{6}$" }, ...times,
    ],
    ["CREATE INDEX tasks_column_position ON tasks (column, position)"],
    { listRule: mayRead, viewRule: mayRead, createRule: isMember, updateRule: isMember },
  );
  const settings = app.settings();
  settings.logs.maxDays = 0; // no log of requests, as with the others
  app.save(settings);
});
