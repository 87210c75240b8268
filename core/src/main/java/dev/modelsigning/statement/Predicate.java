package dev.modelsigning.statement;

import dev.modelsigning.manifest.Manifest;
import java.util.Optional;

/** The predicate of a statement (in-toto Statement v1, {@code predicate}). */
public sealed interface Predicate {

  /**
   * The files of a model, as signed by OMS 1.0 (OMS 5.2): the only predicate about a model's files
   * that is written.
   *
   * @param manifest the files of the model
   */
  record SignatureV1(Manifest manifest) implements Predicate {

    /** The value of {@code predicateType}. */
    public static final String TYPE = "https://model_signing/signature/v1.0";
  }

  /**
   * The format of model_signing 0.2, before the specification, which is read and never written: one
   * subject for each file, SHA-256, no root digest, no serialization.
   *
   * @param manifest the files of the model
   */
  record DigestsV01(Manifest manifest) implements Predicate {

    /** The value of {@code predicateType}. */
    public static final String TYPE = "https://model_signing/Digests/v0.1";
  }

  /**
   * Any other predicate, which is not interpreted.
   *
   * @param json the predicate, a JSON object; empty if it is absent. One that was read has the same
   *     names, values and order as in the statement, without white space and with only the escapes
   *     that JSON requires, so these need not be the signed bytes
   */
  record Other(Optional<String> json) implements Predicate {}
}
