// What eslint asks of our JavaScript. Names are checked by `python -m tests.js.check`: all scripts of a component share
// one scope, which a look at a single file cannot know.

import js from "@eslint/js";

export default [
  { ignores: ["tests/browser/vendor/", ".venv/"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-undef": "off",
      "no-unused-vars": "off",
      "array-callback-return": "error",
      "consistent-this": "error",
      "default-case-last": "error",
      eqeqeq: "error",
      "max-lines": ["error", { max: 300, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipComments: true }],
      "no-console": "error",
      "no-else-return": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: false }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      radix: "off",
      strict: ["error", "never"],
    },
  },
];
