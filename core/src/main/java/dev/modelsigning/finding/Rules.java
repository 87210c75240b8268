package dev.modelsigning.finding;

import java.util.List;

/** The rules of this library, in the order of {@code docs/findings.md}. */
public final class Rules {

  // --- the model and its statement

  /** Symbolic links of the model lead to files outside; one finding for all links. */
  public static final Rule LINK_LEAVES_MODEL =
      warning(
          "LINK_LEAVES_MODEL",
          "symbolic links lead to files outside of the model (OMS 6.1.1)",
          "put the files into the model; whoever gets the model otherwise gets a link to nothing");

  /** Metadata that a download tool stores about a download was signed with the model. */
  public static final Rule DOWNLOAD_NOTES_SIGNED =
      warning(
          "DOWNLOAD_NOTES_SIGNED",
          "the new signature covers the notes that 'hf download' keeps beside a model, so it fits no"
              + " other download",
          "sign again with --ignore-paths, or remove the notes");

  /** A file with a secret that was used for signing is among the files that were signed. */
  public static final Rule PRIVATE_KEY_IN_MODEL =
      warning(
          "PRIVATE_KEY_IN_MODEL",
          "the new signature covers the private key, key store, password, PIN or token that it was"
              + " made with, so it is published with the model",
          "move it out of the model and sign again; if the model was published, make a new key");

  /** There is nothing at a path that is to be ignored. */
  public static final Rule IGNORED_PATH_ABSENT =
      warning(
          "IGNORED_PATH_ABSENT",
          "there is nothing in the model at a path that was to be left out",
          "correct the path if it is mistyped, or leave --ignore-paths out");

  /** A path that is to be ignored is signed. */
  public static final Rule IGNORED_PATH_SIGNED =
      warning(
          "IGNORED_PATH_SIGNED",
          "a path that was to be left out is signed, so it was verified all the same",
          "leave --ignore-paths out, or have the model signed without this path");

  /** The manifest is not in the order that the specification requires. */
  public static final Rule NOT_CANONICAL_ORDER =
      warning(
          "NOT_CANONICAL_ORDER",
          "the resources are not in code point order (OMS 5.2.1)",
          "nothing, or have the model signed anew; --strict refuses it");

  /** The signature has the format of model_signing 0.2. */
  public static final Rule OLD_FORM =
      warning(
          "OLD_FORM",
          "the statement is of the form of model_signing 0.2, signed over an encoding of its own",
          "sign the model anew");

  /** Digests were taken from another source, and the files were not read. */
  public static final Rule DIGESTS_NOT_READ =
      warning(
          "DIGESTS_NOT_READ",
          "digests were taken from elsewhere, and the files were not read",
          "verify the model where all of it is read, if whoever made the digests is not trusted");

  /** The record of the last run with {@code --update} cannot be used, or none can be written. */
  public static final Rule UPDATE_RECORD_NOT_USED =
      warning(
          "UPDATE_RECORD_NOT_USED",
          "the record of what the last run found cannot be used or written, so all files are read",
          "nothing for this signature; see that the user's directory for state exists and is changed by nobody else");

  /** Only some of the files were selected for hashing. */
  public static final Rule PARTLY_HASHED =
      warning(
          "PARTLY_HASHED",
          "only some of the signed files were hashed, as was asked for with --only",
          "load nothing but these; verify the whole model before another of its files is used");

  /** The model was signed in parts. */
  public static final Rule SIGNED_IN_PARTS =
      new Rule(
          "SIGNED_IN_PARTS",
          Severity.NOTE,
          "the model was signed in parts by --split-by-prefix, with an index of them",
          "keep the directory of the index as it is, and give it to those who verify");

  /** Executors computed the digests. */
  public static final Rule EXECUTORS_BELIEVED =
      new Rule(
          "EXECUTORS_BELIEVED",
          Severity.NOTE,
          "the files were read and hashed by executors of Spark, which are believed",
          "trust the machines of the cluster as much as this one, or verify on one machine");

  /** What executors say can be changed on its way. */
  public static final Rule EXECUTORS_NOT_ENCRYPTED =
      warning(
          "EXECUTORS_NOT_ENCRYPTED",
          "executors of Spark are authenticated, and what they send can be changed on its way",
          "set spark.network.crypto.enabled=true, spark.network.crypto.cipher=AES/GCM/NoPadding and spark.network.crypto.saslFallback=false, unless the network between them is protected");

  // --- what the bundle holds

  /** The bundle does not name its key. */
  public static final Rule KEY_NOT_NAMED =
      warning(
          "KEY_NOT_NAMED",
          "the bundle does not name its key, as bundles before OMS 1.1 could",
          "sign the model anew to add it");

  /** The signature is of a scheme that the specification does not have. */
  public static final Rule NOT_OMS =
      warning(
          "NOT_OMS",
          "the signature is not one of OMS v1.0, as its algorithm is ML-DSA or another one that the"
              + " specification does not have (OMS 4.2); it was verified since that was asked for",
          "rely on the signature with an elliptic-curve key too; other clients verify only that");

  /** A public key for ML-DSA was given among others, and not used. */
  public static final Rule KEY_SKIPPED =
      warning(
          "KEY_SKIPPED",
          "keys for ML-DSA among the public keys were skipped, as OMS v1.0 does not have that scheme"
              + " (OMS 4.2)",
          "nothing, or accept them with --beyond-oms");

  /** The bundle has a single certificate where the specification requires a chain. */
  public static final Rule LONE_CERTIFICATE =
      warning(
          "LONE_CERTIFICATE",
          "the bundle has a certificate where a chain is expected, as other implementations write it"
              + " (OMS 4.1)",
          "nothing, or have the model signed by an implementation that writes chains");

  /** The bundle has log entries and time stamps, which the method does not verify. */
  public static final Rule EXTRAS_NOT_VERIFIED =
      warning(
          "EXTRAS_NOT_VERIFIED",
          "log entries or time stamps in the bundle were not verified",
          "do not rely on them; time stamps are verified with --tsa-certificate-chain");

  /** The bundle has log entries, which the method does not verify. */
  public static final Rule LOG_ENTRIES_NOT_VERIFIED =
      warning(
          "LOG_ENTRIES_NOT_VERIFIED",
          "log entries in the bundle were not verified",
          "do not rely on them");

  /** The bundle has time stamps, and no Time Stamping Authority is trusted. */
  public static final Rule TIMESTAMPS_NOT_VERIFIED =
      warning(
          "TIMESTAMPS_NOT_VERIFIED",
          "time stamps in the bundle were not verified, as no authority for them is trusted",
          "trust their authority with --tsa-certificate-chain");

  /** The certificates that are stored with a signature do not lead to a root. */
  public static final Rule CHAIN_INCOMPLETE =
      warning(
          "CHAIN_INCOMPLETE",
          "the certificates that go with the new signature do not lead to a root, so who trusts an"
              + " authority above them cannot verify it",
          "sign with the certificates of all authorities in between (--certificate-chain)");

  // --- who signed

  /** Anyone with a certificate from a trusted authority may have signed. */
  public static final Rule ANY_SIGNER =
      warning(
          "ANY_SIGNER",
          "nobody was named who must have signed, so anybody whom a trusted authority certified"
              + " would pass",
          "name the signer with --certificate-identity or --certificate-fingerprint");

  // --- times

  /** Certificates were validated at a time that the user gave. */
  public static final Rule REQUESTED_TIME =
      warning(
          "REQUESTED_TIME",
          "certificates were verified as of a time that was asked for, which proves nothing",
          "have the model signed anew, or with a time stamp");

  /** The bundle has no time stamp, although a Time Stamping Authority is trusted. */
  public static final Rule NO_TIMESTAMP =
      warning(
          "NO_TIMESTAMP",
          "the bundle has no time stamp, so nobody says when it was signed",
          "sign with --tsa-url if that matters");

  /** The bundle has more time stamps than are verified. */
  public static final Rule TOO_MANY_TIMESTAMPS =
      warning(
          "TOO_MANY_TIMESTAMPS",
          "the bundle has more time stamps than any honest one; none was used",
          "find out who added them");

  /** A time stamp is not trusted. */
  public static final Rule TIMESTAMP_NOT_COUNTED =
      warning(
          "TIMESTAMP_NOT_COUNTED",
          "a time stamp is not to be trusted, so it moves no time",
          "find out why from the message; trust its authority if that is what is missing");

  /** The certificates of the time-stamping authority have expired, and nothing prolonged them. */
  public static final Rule TIMESTAMP_PROOF_ENDED =
      warning(
          "TIMESTAMP_PROOF_ENDED",
          "the certificates that prove when it was signed have ended",
          "add a time stamp in time, with 'timestamp add'; this one was proved when it was made");

  // --- revocation

  /** A certificate was revoked later, for a reason that does not affect earlier signatures. */
  public static final Rule REVOKED_LATER =
      warning(
          "REVOKED_LATER",
          "a certificate was revoked after the signature is proven to have existed, for a reason"
              + " that says nothing against its key",
          "nothing; the next signature will have another certificate");

  /** The revocation status of a certificate could not be determined, and that was allowed. */
  public static final Rule REVOCATION_NOT_KNOWN =
      warning(
          "REVOCATION_NOT_KNOWN",
          "whether a certificate was revoked cannot be found out, which was allowed",
          "give the missing or newer list with --crl");

  // --- private keys

  /** A key provider cannot be used. */
  public static final Rule KEY_PROVIDER_UNUSABLE =
      warning(
          "KEY_PROVIDER_UNUSABLE",
          "a key provider on the class path cannot be loaded or used",
          "remove or update the library that has it");

  /** A key could not be closed after use. */
  public static final Rule KEY_NOT_CLOSED =
      warning(
          "KEY_NOT_CLOSED",
          "a private key was used and could not be closed; what was signed stays signed",
          "report it to the maker of the key provider");

  // --- services

  /** Certificates that were to be trusted for TLS cannot be read. */
  public static final Rule TLS_AUTHORITIES_SKIPPED =
      warning(
          "TLS_AUTHORITIES_SKIPPED",
          "certificates in the file that SSL_CERT_FILE names cannot be read, so they are not"
              + " trusted for TLS",
          "nothing, unless a service is not trusted; else repair the file");

  // --- failures that are no verdict on the signature

  /** The bundle is malformed, or the statement in it does not describe a model. */
  public static final Rule MALFORMED_BUNDLE =
      new Rule(
          "MALFORMED_BUNDLE",
          Severity.ERROR,
          "the bundle is not one, or the statement in it is not one about a model",
          "do not use the model; get its signature again from its publisher");

  /** A predicate does not have the form of its type. */
  public static final Rule MALFORMED_PREDICATE =
      new Rule(
          "MALFORMED_PREDICATE",
          Severity.ERROR,
          "a predicate, or the environment that one is written from, does not have the form that its"
              + " type requires, so nothing was attested",
          "correct the field or the variable that the message names");

  /** A file or a service cannot be reached or read. */
  public static final Rule IO_ERROR =
      new Rule(
          "IO_ERROR",
          Severity.ERROR,
          "a file or a service cannot be reached or read, or a trusted root cannot be used",
          "see the message, and try again");

  /** No signature was made. */
  public static final Rule SIGNING_FAILED =
      new Rule(
          "SIGNING_FAILED",
          Severity.ERROR,
          "the signature was not made, or a key, a token or a service that makes it cannot be used",
          "see the message");

  /** The two inputs cannot be compared. */
  public static final Rule NOT_COMPARABLE =
      new Rule(
          "NOT_COMPARABLE",
          Severity.ERROR,
          "two signatures have digests of different kinds, or it is not clear what a file is",
          "compare a signature with the model itself, or two models");

  // --- files, where a report has a line for each

  /** A file or shard differs from the one that was signed. */
  public static final Rule FILE_CHANGED =
      new Rule(
          "FILE_CHANGED",
          Severity.ERROR,
          "a file or shard is not the one that was signed (OMS 8.4)",
          "do not use it; get the model again from its publisher, who has to sign it anew if the"
              + " change is meant");

  /** A signed file is missing. */
  public static final Rule FILE_MISSING =
      new Rule(
          "FILE_MISSING",
          Severity.ERROR,
          "a file that was signed is not there (OMS 8.4)",
          "get the model again from its publisher, who has to sign it anew if the file is not to be"
              + " there");

  /** An entry of the model is not signed. */
  public static final Rule FILE_NOT_SIGNED =
      new Rule(
          "FILE_NOT_SIGNED",
          Severity.ERROR,
          "an entry of the model is not signed (OMS 8.4)",
          "do not use it; remove it, have the model signed with it, or name it with --ignore-paths");

  /** An entry of the model is not covered by the signature, and a rule allows that. */
  public static final Rule FILE_NOT_COVERED =
      new Rule(
          "FILE_NOT_COVERED",
          Severity.NOTE,
          "an entry of the model is not covered by the signature, as a rule allows it",
          "do not rely on what is in it; --strict refuses what only the signer or git leave out");

  private Rules() {}

  /** All rules. */
  public static List<Rule> all() {
    return List.of(
        LINK_LEAVES_MODEL,
        DOWNLOAD_NOTES_SIGNED,
        PRIVATE_KEY_IN_MODEL,
        IGNORED_PATH_ABSENT,
        IGNORED_PATH_SIGNED,
        NOT_CANONICAL_ORDER,
        OLD_FORM,
        DIGESTS_NOT_READ,
        UPDATE_RECORD_NOT_USED,
        PARTLY_HASHED,
        SIGNED_IN_PARTS,
        EXECUTORS_BELIEVED,
        EXECUTORS_NOT_ENCRYPTED,
        KEY_NOT_NAMED,
        NOT_OMS,
        KEY_SKIPPED,
        LONE_CERTIFICATE,
        EXTRAS_NOT_VERIFIED,
        LOG_ENTRIES_NOT_VERIFIED,
        TIMESTAMPS_NOT_VERIFIED,
        CHAIN_INCOMPLETE,
        ANY_SIGNER,
        REQUESTED_TIME,
        NO_TIMESTAMP,
        TOO_MANY_TIMESTAMPS,
        TIMESTAMP_NOT_COUNTED,
        TIMESTAMP_PROOF_ENDED,
        REVOKED_LATER,
        REVOCATION_NOT_KNOWN,
        KEY_PROVIDER_UNUSABLE,
        KEY_NOT_CLOSED,
        TLS_AUTHORITIES_SKIPPED,
        MALFORMED_BUNDLE,
        MALFORMED_PREDICATE,
        IO_ERROR,
        SIGNING_FAILED,
        NOT_COMPARABLE,
        FILE_CHANGED,
        FILE_MISSING,
        FILE_NOT_SIGNED,
        FILE_NOT_COVERED);
  }

  private static Rule warning(String code, String title, String help) {
    return new Rule(code, Severity.WARNING, title, help);
  }
}
