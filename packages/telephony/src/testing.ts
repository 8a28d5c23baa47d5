export { type ContractSwitch, runSwitchContract, type SwitchHarness, type TestParty } from "./contract.ts";
