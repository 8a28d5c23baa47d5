export {
  openSecretBox,
  SECRET_KEY_FILE,
  type SecretBox,
} from "./secret-box.ts";
