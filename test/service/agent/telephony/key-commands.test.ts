import { KeyCommands } from "../../../../service/agent/telephony/key-commands.ts";

const press = (keys: string) => {
  const commands = new KeyCommands();
  return [...keys].map((key) => commands.press(key)).filter((command) => command !== undefined);
};

test("keys are just keys, # too", () => {
  expect(press("07#")).toEqual(["0", "7", "#"].map((key) => ({ name: "key", key })));
});

test("* and a key is a command", () => {
  expect(press("*0")).toEqual([{ name: "hangUp" }]);
  expect(press("*8")).toEqual([{ name: "hold" }]);
  expect(press("*1*7")).toEqual([
    { name: "transfer", index: 0 },
    { name: "transfer", index: 6 },
  ]);
});

test("* and a key without a meaning is that key", () => {
  expect(press("**")).toEqual([{ name: "key", key: "*" }]);
  expect(press("*#")).toEqual([{ name: "key", key: "#" }]);
  expect(press("*95")).toEqual([
    { name: "key", key: "9" },
    { name: "key", key: "5" },
  ]);
});
