package dev.modelsigning.policy.importing;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.internal.rules.PolicyParser;
import dev.modelsigning.policy.internal.tree.MapFields;
import dev.modelsigning.policy.internal.tree.TreeReader;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON policy that was proposed for model servers: {@code signers} by name, and for each model
 * and each LoRA adapter, by its path or an expression, who must have signed it.
 *
 * <p>It is translated to a policy of the same meaning or a stricter one; comments in it say what is
 * different. What cannot be said is refused, with its line and field, and never left out. As there,
 * a path goes before the expressions, and the first expression that matches the whole path applies.
 */
public final class ModelServerPolicy {

  /** The method that verifies nothing. */
  private static final String SKIP = "skip";

  /** The path of the signers, before their names. */
  private static final String SIGNERS = "policy.signatures.signers.";

  /** Why a signer with a certificate and without an identity is refused. */
  private static final String UNNAMED =
      "everybody whom these authorities certified would be this signer; name the one who is";

  private static final String[] OPTIONS = {
    "signature", "log_fingerprints", "ignore_git_paths", "ignore_paths", "use_staging"
  };

  private final String file;
  private final Path directory;
  private final Map<String, String> identities;
  private final Set<String> notes = new LinkedHashSet<>();
  private final Map<String, Signer> signers = new LinkedHashMap<>();

  /**
   * A signer.
   *
   * @param yaml how it is written; empty if nothing is verified
   * @param gitPathsSigned whether git paths must be signed
   */
  private record Signer(Optional<String> yaml, boolean gitPathsSigned) {}

  /**
   * What is demanded of a model.
   *
   * @param signer the signer; empty if nothing is verified
   */
  private record Demand(Optional<String> signer, boolean gitPathsSigned) {}

  private record Entry(ImportedPattern name, Demand demand, Value value) {}

  private ModelServerPolicy(String file, Path directory, Map<String, String> identities) {
    this.file = file;
    this.directory = directory.toAbsolutePath().normalize();
    this.identities = Map.copyOf(identities);
  }

  /**
   * Translates a file.
   *
   * @param file the policy of a model server
   * @param directory where the translated policy will lie; models and relative files are below it
   * @param identities the identities of signers with certificates, by the names of the signers. A
   *     policy of a model server has none, and accepts everybody whom an authority certified
   * @return the policy, as YAML with comments
   * @throws IOException if the file cannot be read
   * @throws MalformedPolicyException if it is no such policy, or has something that cannot be said
   */
  public static String translate(Path file, Path directory, Map<String, String> identities)
      throws IOException, MalformedPolicyException {
    return translate(file.toString(), directory, SmallFile.read(file, FileKind.POLICY), identities);
  }

  static String translate(String file, Path directory, byte[] bytes, Map<String, String> identities)
      throws MalformedPolicyException {
    ModelServerPolicy policy = new ModelServerPolicy(file, directory, identities);
    String text = policy.translate(new Value(file, TreeReader.read(file, bytes)));
    try {
      PolicyParser.parse("policy.yaml", policy.directory, text.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedPolicyException e) {
      throw new MalformedPolicyException(
          file, new Place(1, ""), "has no counterpart: " + e.getMessage(), e);
    }
    return text;
  }

  /**
   * The signer with a certificate for whom an identity is missing, if that is why it is refused.
   */
  public static Optional<String> signerWithoutIdentity(MalformedPolicyException refusal) {
    return refusal.what().equals(UNNAMED) && refusal.field().startsWith(SIGNERS)
        ? Optional.of(refusal.field().substring(SIGNERS.length()))
        : Optional.empty();
  }

  private String translate(Value whole) throws MalformedPolicyException {
    MapFields tables =
        whole
            .fields("policy")
            .require("policy")
            .fields("signatures")
            .require("signatures")
            .fields("signers", "models", "loras");
    if (!tables.has("models")) {
      throw tables
          .map()
          .refused(
              "expected the field 'models': without it, a model server loads every model without a"
                  + " signature, and a policy must say so by a rule");
    }
    Map<String, Value> named = tables.require("signers").entries("a map of signers");
    for (Map.Entry<String, Value> entry : named.entrySet()) {
      signers.put(entry.getKey(), signer(entry.getKey(), entry.getValue()));
    }
    for (String name : identities.keySet()) {
      if (!signers.containsKey(name)) {
        throw tables
            .require("signers")
            .refused(
                "an identity is given for a signer that there is not: " + Printable.quote(name));
      }
    }
    List<Entry> models = entries(tables.require("models"));
    if (models.isEmpty()) {
      throw tables.require("models").refused("expected a model, found none");
    }
    List<Entry> loras = tables.has("loras") ? entries(tables.require("loras")) : List.of();
    requireDistinct(models, loras);
    if (!tables.has("loras")) {
      notes.add("there is no table 'loras', so adapters need a rule like models");
    }
    List<Entry> all = new ArrayList<>(models);
    all.addAll(loras);
    return write(all);
  }

  private Signer signer(String name, Value value) throws MalformedPolicyException {
    MapFields all =
        value.fields(
            "verification_method",
            "identity",
            "identity_provider",
            "certificate_chain",
            "public_key",
            "signature",
            "log_fingerprints",
            "ignore_git_paths",
            "ignore_paths",
            "use_staging");
    Value method = all.require("verification_method");
    Optional<String> yaml =
        switch (method.text("the name of a method")) {
          case "sigstore" -> Optional.of(sigstore(all));
          case "certificate" -> Optional.of(certificate(name, all));
          case "key" -> Optional.of(key(all));
          case SKIP -> Optional.empty();
          default -> throw method.expected("one of sigstore, certificate, key, skip");
        };
    if (identities.containsKey(name) && !method.text().equals("certificate")) {
      throw method.refused("an identity is given for this signer, whose method is not certificate");
    }
    return new Signer(yaml, gitPathsSigned(all, false));
  }

  private static void requireOnly(MapFields fields, String method, String... refused)
      throws MalformedPolicyException {
    for (String name : refused) {
      if (fields.has(name)) {
        throw fields.require(name).refused("not a field of a signer with the method " + method);
      }
    }
  }

  private static String sigstore(MapFields fields) throws MalformedPolicyException {
    requireOnly(fields, "sigstore", "certificate_chain", "public_key");
    return "sigstore: { identity: "
        + PolicyYaml.text(fields.require("identity").text())
        + ", issuer: "
        + PolicyYaml.text(fields.require("identity_provider").text())
        + " }";
  }

  private String certificate(String name, MapFields fields) throws MalformedPolicyException {
    requireOnly(fields, "certificate", "identity", "identity_provider", "public_key");
    List<String> trust = new ArrayList<>();
    for (Value each : fields.require("certificate_chain").texts()) {
      trust.add(file(each));
    }
    String identity = identities.get(name);
    if (identity == null) {
      throw fields.map().refused(UNNAMED);
    }
    notes.add(
        "signer " + name + ": its identity was added; there, any of its authorities' would do");
    return "certificate: { identity: "
        + PolicyYaml.text(identity)
        + ", trust: "
        + PolicyYaml.texts(trust)
        + " }";
  }

  private String key(MapFields fields) throws MalformedPolicyException {
    requireOnly(fields, "key", "identity", "identity_provider", "certificate_chain");
    return "key: { public-key: " + PolicyYaml.text(file(fields.require("public_key"))) + " }";
  }

  /** A path that stays below the directory, as a policy demands it. */
  private String file(Value value) throws MalformedPolicyException {
    String text = value.text("a path");
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw value.refused("expected a path, found " + Printable.quote(text));
    }
    if (!path.isAbsolute() && !directory.resolve(path).normalize().startsWith(directory)) {
      throw value.refused(
          "expected a path below the policy's directory, or an absolute one, found "
              + Printable.quote(text));
    }
    if (!path.isAbsolute()) {
      notes.add("files of signers that are not absolute are below the directory of this policy");
    }
    return text;
  }

  private List<Entry> entries(Value table) throws MalformedPolicyException {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, Value> entry : table.entries("a map of paths").entrySet()) {
      Value value = entry.getValue();
      String[] known = new String[OPTIONS.length + 1];
      known[0] = "signer";
      System.arraycopy(OPTIONS, 0, known, 1, OPTIONS.length);
      MapFields fields = value.fields(known);
      Value who = fields.require("signer");
      Signer signer = signers.get(who.text("the name of a signer"));
      if (signer == null) {
        throw who.refused("no such signer: " + Printable.quote(who.text()));
      }
      boolean git = gitPathsSigned(fields, signer.gitPathsSigned);
      entries.add(
          new Entry(
              ImportedPattern.of(directory, entry.getKey(), value),
              signer.yaml.isEmpty()
                  ? new Demand(Optional.empty(), false)
                  : new Demand(Optional.of(who.text()), git),
              value));
    }
    return entries;
  }

  /** Reads the options that signers and models share; returns whether git paths must be signed. */
  private boolean gitPathsSigned(MapFields fields, boolean otherwise)
      throws MalformedPolicyException {
    if (fields.flag("use_staging", false)) {
      throw fields
          .require("use_staging")
          .refused("Sigstore's instance for trials is trusted by no policy; sign with another");
    }
    if (fields.has("log_fingerprints")) {
      fields.require("log_fingerprints").flag();
      notes.add("log_fingerprints is left out; it only logs");
    }
    if (fields.has("signature")) {
      Value signature = fields.require("signature");
      String name = signature.text("the name of a signature file");
      if (!name.matches("[^/\\\\]+(\\.sig|\\.sigstore\\.json)")) {
        throw signature.refused(
            "expected a name that ends with .sig or .sigstore.json, in the model, where signatures"
                + " are found, found "
                + Printable.quote(name));
      }
      notes.add("names of signature files are left out; *.sig and *.sigstore.json are found");
    }
    if (fields.has("ignore_paths")) {
      requireNoPaths(fields.require("ignore_paths"));
    }
    return fields.has("ignore_git_paths") ? !fields.require("ignore_git_paths").flag() : otherwise;
  }

  private static void requireNoPaths(Value value) throws MalformedPolicyException {
    if (value.isEmptyList()) {
      return;
    }
    throw value.refused(
        "a policy leaves nothing in a model unverified but what its signer left out; sign the model"
            + " with these paths left out, or put them elsewhere");
  }

  /** Refuses names that would mean something else when there is one table and one directory. */
  private void requireDistinct(List<Entry> models, List<Entry> loras)
      throws MalformedPolicyException {
    List<Entry> all = new ArrayList<>(models);
    all.addAll(loras);
    boolean absolute = all.stream().anyMatch(entry -> entry.name.absolute());
    for (Entry entry : all) {
      if (absolute && !entry.name.absolute() && !entry.name.everything()) {
        throw entry.value.refused(
            "expected either absolute paths or relative ones: there, they are different models, and"
                + " here they may be the same");
      }
    }
    requireOnce(models);
    requireOnce(loras);
    for (Entry lora : loras) {
      for (Entry model : models) {
        if (lora.name.overlaps(model.name) && !lora.demand.equals(model.demand)) {
          throw lora.value.refused(
              "a model can have the same path, for which something else is demanded (line "
                  + model.value.place().line()
                  + "); there is one table for both, so have them in different directories");
        }
      }
    }
  }

  private static void requireOnce(List<Entry> table) throws MalformedPolicyException {
    Map<String, Entry> seen = new LinkedHashMap<>();
    for (Entry entry : table) {
      Entry earlier = seen.putIfAbsent(entry.name.pattern().text(), entry);
      if (earlier != null && !earlier.demand.equals(entry.demand)) {
        throw entry.value.refused(
            "is the same below the policy's directory as line " + earlier.value.place().line());
      }
    }
  }

  private String write(List<Entry> entries) {
    PolicyYaml yaml = new PolicyYaml();
    yaml.comment("Imported from the policy of a model server, " + file + ".");
    yaml.comment("What is different:");
    yaml.comment("- models are named by their paths below the directory of this file");
    notes.forEach(note -> yaml.comment("- " + note));
    yaml.line("version: 1");
    List<Map.Entry<String, Signer>> written =
        signers.entrySet().stream().filter(entry -> entry.getValue().yaml.isPresent()).toList();
    if (!written.isEmpty()) {
      yaml.line("signers:");
    }
    for (Map.Entry<String, Signer> entry : written) {
      yaml.line(
          "  "
              + PolicyYaml.text(entry.getKey())
              + ": { "
              + entry.getValue().yaml.orElseThrow()
              + " }");
    }
    yaml.line("models:");
    // A path goes before every expression, wherever it stands.
    Set<String> patterns = new LinkedHashSet<>();
    for (boolean exact : new boolean[] {true, false}) {
      for (Entry entry : entries) {
        if (entry.name.exact() == exact && patterns.add(entry.name.pattern().text())) {
          write(yaml, entry);
        }
      }
    }
    return yaml.toString();
  }

  private static void write(PolicyYaml yaml, Entry entry) {
    String match = PolicyYaml.text(entry.name.pattern().text());
    Optional<String> signer = entry.demand.signer;
    if (signer.isEmpty()) {
      yaml.line("  - { match: " + match + ", mode: warn } # not verified there either: skip");
      return;
    }
    yaml.line("  - match: " + match);
    yaml.line("    signatures: { of: " + PolicyYaml.text(signer.get()) + " }");
    if (entry.demand.gitPathsSigned) {
      yaml.line("    forbid: { ignored-paths: all } # ignore_git_paths: false");
    }
  }
}
