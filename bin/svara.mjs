#!/usr/bin/env node
// `npx svara <command>` inside a clone: the same way in as `npm start`.
import "../scripts/bootstrap.mjs";
