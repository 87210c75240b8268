package dev.modelsigning.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;

/** The attributes of the spans. Their names do not change. */
final class ModelAttributes {

  /** Why it failed: a code of {@code docs/findings.md}, or the class of an unexpected failure. */
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  /** The command, without its arguments. */
  static final AttributeKey<String> COMMAND = AttributeKey.stringKey("model_signing.command");

  /** Whether the model is what its signer signed. */
  static final AttributeKey<Boolean> VERIFIED = AttributeKey.booleanKey("model_signing.verified");

  /** The signing method. */
  static final AttributeKey<String> METHOD = AttributeKey.stringKey("model_signing.method");

  /** The root digest, with its algorithm. */
  static final AttributeKey<String> DIGEST = AttributeKey.stringKey("model_signing.model.digest");

  /** The number of files that were hashed. */
  static final AttributeKey<Long> FILES = AttributeKey.longKey("model_signing.model.files");

  /** Their length, in bytes. */
  static final AttributeKey<Long> SIZE = AttributeKey.longKey("model_signing.model.size");

  private ModelAttributes() {}
}
