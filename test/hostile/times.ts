import fc from "fast-check";
import { patience, runs } from "./texts.ts";

// Before each test file where `TRUNKLINE_PROPERTY_TIMES` is set: for properties that say no number of runs.
const USUAL_RUNS = 100;
const USUAL_LIMIT_MS = 20_000;

fc.configureGlobal(runs(USUAL_RUNS));
jest.setTimeout(patience(USUAL_LIMIT_MS));
