package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.rules.SignerText.TrustFile;
import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads signers.
 *
 * @param directory the directory of relative paths
 */
record SignerParser(Path directory) {

  /** A digest, as the records of a policy have it. */
  static final String SHA256 = "[0-9a-f]{64}";

  private static final Map<String, SignerText.Revocation> REVOCATION = revocation();

  private static Map<String, SignerText.Revocation> revocation() {
    Map<String, SignerText.Revocation> words = new LinkedHashMap<>();
    words.put("required", SignerText.Revocation.REQUIRED);
    words.put("if-known", SignerText.Revocation.IF_KNOWN);
    words.put("none", SignerText.Revocation.NOT_CHECKED);
    return words;
  }

  /** Reads a signer; empty if something in it was refused, and refusals are collected. */
  Optional<SignerText> parse(String name, Value value) throws MalformedPolicyException {
    int before = value.refusals().count();
    MapFields methods = value.fields("key", "certificate", "sigstore");
    Value one = methods.requireOne("key", "certificate", "sigstore");
    Optional<SignerText> signer;
    if (methods.has("key")) {
      signer = key(name, value, one);
    } else if (methods.has("certificate")) {
      signer = certificate(name, value, one);
    } else {
      signer = keyless(name, value, one);
    }
    return value.refusals().count() == before ? signer : Optional.empty();
  }

  private Optional<SignerText> key(String name, Value signer, Value value)
      throws MalformedPolicyException {
    MapFields fields = value.fields("public-key", "timestamps");
    if (!fields.has("public-key")) {
      fields.attempt(value, () -> fields.require("public-key"));
    }
    List<TrustFile> keys = files(fields, "public-key");
    List<TrustFile> timestamps = files(fields, "timestamps");
    return Optional.of(
        new SignerText.Key(
            name,
            signer.place(),
            joined(List.of(keys, timestamps)),
            paths(keys),
            paths(timestamps)));
  }

  private Optional<SignerText> certificate(String name, Value signer, Value value)
      throws MalformedPolicyException {
    MapFields fields =
        value.fields(
            "identity", "fingerprint", "trust", "timestamps", "revocation", "revocation-lists");
    if (!fields.has("identity") && !fields.has("fingerprint")) {
      // Whoever has a certificate of these authorities would be the signer.
      value
          .refusals()
          .add(
              fields.missing(
                  "identity",
                  "expected identity or fingerprint, found neither: whomever the authorities"
                      + " certify would be this signer"));
    }
    List<String> identities = fields.attempt(List.of(), () -> texts(fields, "identity"));
    List<String> fingerprints = fields.attempt(List.of(), () -> fingerprints(fields));
    if (!fields.has("trust")) {
      fields.attempt(value, () -> fields.require("trust"));
    }
    List<TrustFile> trust = files(fields, "trust");
    List<TrustFile> timestamps = files(fields, "timestamps");
    SignerText.Revocation revocation =
        fields.attempt(
            SignerText.Revocation.REQUIRED,
            () -> fields.word("revocation", REVOCATION, SignerText.Revocation.NOT_CHECKED));
    List<TrustFile> lists = files(fields, "revocation-lists");
    return Optional.of(
        new SignerText.Certificate(
            name,
            signer.place(),
            joined(List.of(trust, timestamps, lists)),
            identities,
            fingerprints,
            paths(trust),
            paths(timestamps),
            revocation,
            paths(lists)));
  }

  private static List<String> texts(MapFields fields, String name) throws MalformedPolicyException {
    List<String> texts = new ArrayList<>();
    for (Value each : fields.texts(name)) {
      texts.add(each.text());
    }
    return texts;
  }

  private static List<String> fingerprints(MapFields fields) throws MalformedPolicyException {
    List<String> fingerprints = new ArrayList<>();
    for (Value fingerprint : fields.texts("fingerprint")) {
      String normalized = fingerprint.refusals().attempt("", () -> fingerprint(fingerprint));
      if (fingerprints.contains(normalized)) {
        fingerprint
            .refusals()
            .add(fingerprint.refused("named twice: " + Printable.quote(fingerprint.text())));
      } else if (!normalized.isEmpty()) {
        fingerprints.add(normalized);
      }
    }
    return fingerprints;
  }

  /** As on the command line: with or without colons and prefix, in upper or lower case. */
  private static String fingerprint(Value value) throws MalformedPolicyException {
    String hex = value.text().toLowerCase(Locale.ROOT);
    hex = (hex.startsWith("sha256:") ? hex.substring("sha256:".length()) : hex).replace(":", "");
    if (!hex.matches(SHA256)) {
      throw value.expected("a SHA-256 fingerprint of 64 hexadecimal digits");
    }
    return hex;
  }

  private Optional<SignerText> keyless(String name, Value signer, Value value)
      throws MalformedPolicyException {
    MapFields fields = value.fields("identity", "identity-regexp", "issuer", "trusted-root");
    boolean exact = fields.has("identity");
    Optional<String> who =
        fields.attempt(Optional.empty(), () -> Optional.of(identity(fields, exact)));
    Optional<String> issuer =
        fields.attempt(Optional.empty(), () -> Optional.of(fields.require("issuer").text()));
    Optional<TrustFile> root =
        fields.has("trusted-root")
            ? fields.attempt(
                Optional.empty(), () -> Optional.of(file(fields.require("trusted-root"))))
            : Optional.empty();
    return issuer.map(provider ->
        new SignerText.Keyless(
            name,
            signer.place(),
            root.stream().toList(),
            exact ? who : Optional.empty(),
            exact ? Optional.empty() : who,
            provider,
            root.map(TrustFile::path)));
  }

  private static String identity(MapFields fields, boolean exact) throws MalformedPolicyException {
    Value value = fields.requireOne("identity", "identity-regexp");
    String who = value.text();
    if (!exact) {
      try {
        IdentityExpression.of(who);
      } catch (IllegalArgumentException e) {
        throw value.refused(String.valueOf(e.getMessage()));
      }
    }
    return who;
  }

  private List<TrustFile> files(MapFields fields, String name) throws MalformedPolicyException {
    return fields.attempt(List.of(), () -> files(fields.texts(name)));
  }

  private List<TrustFile> files(List<Value> values) throws MalformedPolicyException {
    List<TrustFile> files = new ArrayList<>();
    for (Value value : values) {
      Optional<TrustFile> file =
          value.refusals().attempt(Optional.empty(), () -> Optional.of(file(value)));
      if (file.isPresent() && paths(files).contains(file.get().path())) {
        value.refusals().add(value.refused("named twice: " + Printable.quote(value.text())));
      } else {
        file.ifPresent(files::add);
      }
    }
    return files;
  }

  private static List<Path> paths(List<TrustFile> files) {
    return files.stream().map(TrustFile::path).toList();
  }

  private static List<TrustFile> joined(List<List<TrustFile>> lists) {
    return lists.stream().flatMap(List::stream).toList();
  }

  /**
   * A relative path stays below the directory, so that whoever copies a policy with its files has
   * all of them. Links are looked at when the file is opened.
   */
  private TrustFile file(Value value) throws MalformedPolicyException {
    String text = value.text("a path");
    if (text.startsWith("~")) {
      throw value.refused(
          "expected a path, found "
              + Printable.quote(text)
              + "; no home directory is put in place of '~', so write the absolute path (or './~'"
              + " for a file of this name)");
    }
    Path path;
    try {
      path = directory.getFileSystem().getPath(text);
    } catch (InvalidPathException e) {
      throw value.refused("expected a path, found " + Printable.quote(text));
    }
    if (path.isAbsolute()) {
      return new TrustFile(path, value.place());
    }
    Path normal = path.normalize();
    if (normal.toString().isEmpty()) {
      throw value.refused("expected a file, found the policy's directory");
    }
    if (normal.startsWith("..")) {
      throw value.refused(
          "expected a path below the policy's directory, or an absolute one, found "
              + Printable.quote(text));
    }
    return new TrustFile(directory.resolve(normal), value.place());
  }
}
