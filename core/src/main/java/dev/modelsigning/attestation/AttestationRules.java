package dev.modelsigning.attestation;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import java.util.List;

/** The rules about claims, in the order of {@code docs/findings.md}. */
public final class AttestationRules {

  /** A claim is about another model. */
  public static final Rule CLAIM_OTHER_MODEL =
      error(
          "CLAIM_OTHER_MODEL",
          "a claim is about a model with another root digest",
          "nothing, if the file holds claims about several models; else get the claims of this one");

  /** A claim is about a model with the same content under other names. */
  public static final Rule CLAIM_OTHER_NAMES =
      error(
          "CLAIM_OTHER_NAMES",
          "a claim is about a model with the same root digest and other file names",
          "do not rely on it; find out who renamed the files");

  /** A claim has several subjects. */
  public static final Rule CLAIM_SUBJECTS =
      error(
          "CLAIM_SUBJECTS",
          "a claim is about several things, or the model is not named alone",
          "have it signed about the model alone");

  /** A claim is by another signer than the model. */
  public static final Rule CLAIM_OTHER_SIGNER =
      error(
          "CLAIM_OTHER_SIGNER",
          "a claim is by another signer than the model's",
          "have it signed by the model's signer");

  /** Nobody attests the time of a claim. */
  public static final Rule CLAIM_TIME_NOT_PROVED =
      error(
          "CLAIM_TIME_NOT_PROVED",
          "nobody proves when a claim was signed, and that was asked for",
          "have it signed with a time stamp (--tsa-url), or keyless; trust the authority with"
              + " --tsa-certificate-chain");

  /** A claim does not bind the names of the files, which was asked for. */
  public static final Rule CLAIM_NAMES_MISSING =
      error(
          "CLAIM_NAMES_MISSING",
          "a claim has no digest of the file names, and that was asked for",
          "have it signed with 'attest', or leave out --require-names: the model's signature binds the"
              + " names");

  /** A claim does not say which files it is about by name. */
  public static final Rule CLAIM_NAMES_NOT_BOUND =
      new Rule(
          "CLAIM_NAMES_NOT_BOUND",
          Severity.NOTE,
          "a claim has no digest of the file names, as other tools write it; the model's signature"
              + " binds the names",
          "nothing; claims of this program have that digest");

  /** A claim is a statement of the older form. */
  public static final Rule CLAIM_OLD_FORM =
      new Rule(
          "CLAIM_OLD_FORM",
          Severity.NOTE,
          "a claim is a statement of the older form, in-toto Statement v0.1",
          "nothing, or have it signed anew");

  /** A claim states nothing. */
  public static final Rule CLAIM_NO_PREDICATE =
      new Rule(
          "CLAIM_NO_PREDICATE",
          Severity.NOTE,
          "a claim has no predicate, so it states nothing beside its type",
          "do not rely on it for more than its type");

  /** The predicate of a claim does not have the form of its type. */
  public static final Rule CLAIM_PREDICATE_FORM =
      new Rule(
          "CLAIM_PREDICATE_FORM",
          Severity.WARNING,
          "the predicate of a claim does not have the form that its type requires",
          "do not take it for what its type says before its fields were checked; have it signed anew");

  /** A claim is there more than once. */
  public static final Rule CLAIM_REPEATED =
      new Rule(
          "CLAIM_REPEATED",
          Severity.NOTE,
          "the same statement by the same signer is there more than once; it counts once",
          "nothing; whoever needs several claims asks for several statements");

  private AttestationRules() {}

  /** All rules. */
  public static List<Rule> all() {
    return List.of(
        CLAIM_OTHER_MODEL,
        CLAIM_OTHER_NAMES,
        CLAIM_SUBJECTS,
        CLAIM_OTHER_SIGNER,
        CLAIM_TIME_NOT_PROVED,
        CLAIM_NAMES_MISSING,
        CLAIM_NAMES_NOT_BOUND,
        CLAIM_OLD_FORM,
        CLAIM_NO_PREDICATE,
        CLAIM_PREDICATE_FORM,
        CLAIM_REPEATED);
  }

  private static Rule error(String code, String title, String help) {
    return new Rule(code, Severity.ERROR, title, help);
  }
}
