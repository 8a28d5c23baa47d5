export {
  type ContractSwitch,
  type MediaFault,
  runSwitchContract,
  type SwitchHarness,
  type TestCarrier,
  type TestParty,
} from "./contract.ts";
