export {
  openSecretBox,
  SECRET_KEY_FILE,
  type SecretBox,
  SecretError,
  type SecretErrorCode,
} from "./secret-box.ts";
