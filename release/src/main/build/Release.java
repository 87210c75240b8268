import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.SigstoreSigner;
import dev.modelsigning.sigstore.identity.AmbientCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Puts a release together from what the build made, in this order, as each part covers those before it:
 * files, {@code SHA256SUMS}, {@code provenance.json} and its signature, {@code model.sig}. It is run
 * by the build from its source, with the executable jar as its class path, and is written for
 * {@code release/verify}, which must find everything as it is here.
 *
 * <p>Nothing in it depends on when or where it is run, but the signatures and what the provenance says
 * of the builder.
 */
final class Release {

  private static final String SUMS = "SHA256SUMS";
  private static final String PROVENANCE = "provenance.json";
  private static final String SIGNED_PROVENANCE = "provenance.sigstore.json";
  private static final String SIGNATURE = "model.sig";

  /** What docs/release.md describes. */
  private static final String BUILD_TYPE = "https://modelsigning.dev/release/maven/v1";

  private static final String LOCAL_BUILDER = "https://modelsigning.dev/release/local";

  /** The same as in release/verify: names that no shell, checksum file or file system reads otherwise. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]*(/[A-Za-z0-9][A-Za-z0-9._+~-]*)*");

  private static final String COMMIT = "[0-9a-f]{40}([0-9a-f]{24})?";

  private final Path checkout;
  private final Map<String, String> settings;
  private final String version;
  private final Path directory;
  private final Path publicKey;
  private final Path program;

  private Release(Path checkout, Map<String, String> settings) {
    this.checkout = checkout;
    this.settings = settings;
    this.version = settings.get("version");
    String name = "model-signing-" + version;
    this.directory = checkout.resolve("target/release").resolve(name);
    this.publicKey = directory.resolveSibling(name + ".pub");
    this.program = checkout.resolve("cli/target/model-signing.jar");
  }

  /**
   * Makes the release.
   *
   * @param args the top directory of the checkout, and settings as {@code name=value}: those of {@link
   *     ReleaseSettings} and repository, maven
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String each : Arrays.asList(args).subList(1, args.length)) {
      settings.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
    }
    try {
      new Release(Path.of(args[0]).toRealPath(), settings).make();
    } catch (IOException | SigningException | InvalidKeyException e) {
      System.err.println("release: error: " + e.getMessage());
      if (System.getenv("MODEL_SIGNING_RELEASE_TRACE") != null) {
        e.printStackTrace();
      }
      System.exit(1);
    }
  }

  private void make()
      throws IOException, SigningException, InvalidKeyException, InterruptedException {
    String commit = commit();
    if (!version.endsWith("-SNAPSHOT") && !commit.matches(COMMIT)) {
      throw new IOException(
          "a release of version "
              + version
              + " is made of a commit and nothing else, found "
              + (commit.isEmpty() ? "no commit" : commit));
    }
    delete(directory);
    Files.deleteIfExists(publicKey);
    Files.createDirectories(directory);

    for (String module : publishedModules()) {
      copyModule(module);
    }
    copyPom("model-signing-bom", checkout.resolve("bom/pom.xml"));
    copyPom("model-signing-parent", checkout.resolve("pom.xml"));
    copyPackages(checkout.resolve("dist/target"));
    copy(checkout.resolve("LICENSE"), "LICENSE");

    SortedMap<String, String> digests = digests();
    StringBuilder sums = new StringBuilder();
    digests.forEach((name, digest) -> sums.append(digest).append("  ").append(name).append('\n'));
    Files.writeString(directory.resolve(SUMS), sums);
    byte[] statement = provenance(digests(), commit).getBytes(StandardCharsets.UTF_8);
    Files.write(directory.resolve(PROVENANCE), statement);
    sign(statement);
  }

  // ---- Files

  /** What the BOM names, so that it names no more and no less than there is. */
  private List<String> publishedModules() throws IOException {
    Matcher named =
        Pattern.compile("<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]*)</artifactId>")
            .matcher(Files.readString(checkout.resolve("bom/pom.xml")));
    return named.results().map(each -> each.group(1)).toList();
  }

  private void copyModule(String artifact) throws IOException {
    Path module = module(artifact);
    copyPom(artifact, module.resolve("pom.xml"));
    for (String ending : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")) {
      String file = artifact + "-" + version + ending;
      copy(module.resolve("target").resolve(file), mavenName(artifact, file));
    }
  }

  private Path module(String artifact) throws IOException {
    // The first one that does not belong to the parent is the module's own.
    Pattern own = Pattern.compile("</parent>\\s*<artifactId>" + Pattern.quote(artifact) + "</artifactId>");
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(checkout, Files::isDirectory)) {
      for (Path each : directories) {
        Path pom = each.resolve("pom.xml");
        if (Files.exists(pom) && own.matcher(Files.readString(pom)).find()) {
          return each;
        }
      }
    }
    throw new IOException("bom/pom.xml names " + artifact + ", which no module of the checkout is");
  }

  private void copyPom(String artifact, Path pom) throws IOException {
    copy(pom, mavenName(artifact, artifact + "-" + version + ".pom"));
  }

  /** The name in the layout of a Maven repository, as two jars have the same name without it. */
  private String mavenName(String artifact, String file) {
    return "maven/dev/modelsigning/" + artifact + "/" + version + "/" + file;
  }

  private void copyPackages(Path made) throws IOException {
    if (!Files.isDirectory(made)) {
      throw new IOException("no packages in " + made + ", which the module dist makes");
    }
    List<String> wanted =
        List.of(
            "model-signing_{v}_[a-z0-9]+\\.deb",
            "model-signing-{v}-linux-[A-Za-z0-9_]+\\.tar\\.gz",
            "model-signing-{v}\\.jar",
            "model-signing-{v}-image\\.tar");
    List<Path> files;
    try (Stream<Path> list = Files.list(made)) {
      files = list.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
    }
    for (String each : wanted) {
      Pattern pattern = Pattern.compile(each.replace("{v}", Pattern.quote(version)));
      List<Path> found =
          files.stream().filter(file -> pattern.matcher(file.getFileName().toString()).matches()).toList();
      if (found.isEmpty()) {
        throw new IOException("expected a package " + pattern + " in " + made + ", found none");
      }
      for (Path file : found) {
        String name = file.getFileName().toString();
        copy(file, name);
        // What it consists of; without that, the provenance would lack materials.
        copy(made.resolve(name + ".cdx.json"), name + ".cdx.json");
        if (name.endsWith("-image.tar")) {
          copy(made.resolve(name + ".digest"), name + ".digest");
        }
      }
    }
  }

  private void copy(Path from, String name) throws IOException {
    if (!Files.isRegularFile(from)) {
      throw new IOException("expected " + from + ", which the build did not make");
    }
    Path to = directory.resolve(name);
    Files.createDirectories(to.getParent());
    Files.copy(from, to);
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(tree)) {
      all = walk.toList();
    }
    for (int i = all.size() - 1; i >= 0; i--) {
      Files.delete(all.get(i));
    }
  }

  /** The digest of every file that is there, by its name, in the order of {@code LC_ALL=C sort}. */
  private SortedMap<String, String> digests() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.filter(each -> !Files.isDirectory(each)).toList();
    }
    SortedMap<String, String> digests = new TreeMap<>();
    for (Path file : files) {
      String name = directory.relativize(file).toString().replace('\\', '/');
      if (!NAME.matcher(name).matches()) {
        throw new IOException("a release must not hold a file of this name: " + name);
      }
      digests.put(name, sha256(file));
    }
    return digests;
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  // ---- Provenance (SLSA provenance v1 in an in-toto statement v1)

  /** The commit as the program tells it, which may end with " with changes"; empty if nobody knows. */
  private String commit() throws IOException {
    return Files.readString(checkout.resolve("cli/target/classes/dev/modelsigning/cli/commit")).strip();
  }

  private String provenance(SortedMap<String, String> digests, String commit) throws IOException {
    Map<String, String> environment =
        "true".equals(System.getenv("GITHUB_ACTIONS")) ? System.getenv() : Map.of();
    String server = environment.getOrDefault("GITHUB_SERVER_URL", "");
    String onServer = server + "/" + environment.getOrDefault("GITHUB_REPOSITORY", "");
    String repository = settings.get("repository").isEmpty() && !server.isEmpty() ? onServer : settings.get("repository");

    List<Object> subjects = new ArrayList<>();
    digests.forEach((name, digest) -> subjects.add(Map.of("name", name, "digest", Map.of("sha256", digest))));

    List<Object> dependencies = new ArrayList<>();
    if (!commit.isEmpty()) {
      Map<String, Object> source = new TreeMap<>();
      source.put("name", "source");
      source.put("digest", Map.of("gitCommit", commit.split(" ")[0]));
      if (!repository.isEmpty()) {
        source.put("uri", "git+" + repository);
      }
      if (!commit.matches(COMMIT)) {
        source.put("annotations", Map.of("changes", "built with changes that are in no commit"));
      }
      dependencies.add(source);
    }
    materials().forEach((uri, digest) ->
        dependencies.add(Map.of("uri", uri, "digest", Map.of("sha256", digest))));

    Map<String, Object> external = new TreeMap<>();
    external.put("command", "mvn -Prelease");
    external.put("version", version);
    if (!repository.isEmpty()) {
      external.put("source", repository);
    }
    Map<String, Object> internal = new TreeMap<>();
    internal.put("java", System.getProperty("java.vendor") + " " + Runtime.version());
    internal.put("maven", settings.get("maven"));
    internal.put("signedBy", isKeyless() ? "identity" : isTrial() ? "key of the moment, of a trial" : "key");
    internal.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));

    Map<String, Object> run = new TreeMap<>();
    if (environment.isEmpty()) {
      run.put("builder", Map.of("id", LOCAL_BUILDER));
    } else {
      run.put("builder", Map.of("id", server + "/" + environment.get("GITHUB_WORKFLOW_REF")));
      run.put(
          "metadata",
          Map.of(
              "invocationId",
              onServer + "/actions/runs/" + environment.get("GITHUB_RUN_ID")
                  + "/attempts/" + environment.get("GITHUB_RUN_ATTEMPT")));
    }

    Map<String, Object> definition = new TreeMap<>();
    definition.put("buildType", BUILD_TYPE);
    definition.put("externalParameters", external);
    definition.put("internalParameters", internal);
    definition.put("resolvedDependencies", dependencies);
    Map<String, Object> statement = new TreeMap<>();
    statement.put("_type", "https://in-toto.io/Statement/v1");
    statement.put("predicateType", "https://slsa.dev/provenance/v1");
    statement.put("subject", subjects);
    statement.put("predicate", Map.of("buildDefinition", definition, "runDetails", run));
    StringBuilder json = new StringBuilder();
    write(statement, "\n", json);
    return json.append('\n').toString();
  }

  /** What others made of which the release consists, as its SBOMs tell it: package URLs and digests. */
  private SortedMap<String, String> materials() throws IOException {
    SortedMap<String, String> materials = new TreeMap<>();
    List<Path> sboms;
    try (Stream<Path> walk = Files.walk(directory)) {
      sboms = walk.filter(each -> each.toString().endsWith(".json")).sorted().toList();
    }
    for (Path sbom : sboms) {
      try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), sbom)) {
        in.nextToken();
        readComponents(in, "", materials);
      }
    }
    return materials;
  }

  /** Reads a value, and keeps each object in it that has a package URL and a SHA-256. */
  private static Optional<String> readComponents(JsonParser in, String name, Map<String, String> materials) {
    if (in.currentToken() == JsonToken.START_ARRAY) {
      Optional<String> digest = Optional.empty();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        Optional<String> found = readComponents(in, name, materials);
        digest = found.isPresent() ? found : digest;
      }
      return digest;
    }
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return Optional.empty();
    }
    String url = "";
    String algorithm = "";
    String content = "";
    Optional<String> digest = Optional.empty();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String member = in.currentName();
      in.nextToken();
      switch (member) {
        case "purl" -> url = in.getString();
        case "alg" -> algorithm = in.getString();
        case "content" -> content = in.currentToken() == JsonToken.VALUE_STRING ? in.getString() : "";
        default -> {}
      }
      Optional<String> inner = readComponents(in, member, materials);
      digest = member.equals("hashes") ? inner : digest;
    }
    if (name.equals("hashes")) {
      return algorithm.equals("SHA-256") ? Optional.of(content) : Optional.empty();
    }
    if (!url.isEmpty() && !url.startsWith("pkg:maven/dev.modelsigning/") && digest.isPresent()) {
      materials.put(url, digest.get());
    }
    return Optional.empty();
  }

  /** JSON with members in order, so that the same content is the same text. */
  private static void write(Object value, String line, StringBuilder json) {
    if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> each : new TreeMap<>(map).entrySet()) {
        json.append(separator).append(line).append("  ");
        write(each.getKey(), line, json);
        write(each.getValue(), line + "  ", json.append(": "));
        separator = ",";
      }
      json.append(separator.equals("{") ? "{}" : line + "}");
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object each : list) {
        json.append(separator).append(line).append("  ");
        write(each, line + "  ", json);
        separator = ",";
      }
      json.append(separator.equals("[") ? "[]" : line + "]");
    } else {
      json.append('"');
      for (char each : String.valueOf(value).toCharArray()) {
        if (each < ' ' || each > '~') {
          json.append(String.format("\\u%04x", (int) each));
        } else {
          json.append(each == '"' || each == '\\' ? "\\" : "").append(each);
        }
      }
      json.append('"');
    }
  }

  // ---- Signatures

  private boolean isKeyless() {
    return settings.get("keyless").equals("true");
  }

  private boolean isTrial() {
    return !isKeyless() && settings.get("key").isEmpty();
  }

  private void sign(byte[] statement)
      throws IOException, SigningException, InvalidKeyException, InterruptedException {
    if (isKeyless()) {
      signKeyless(statement);
      return;
    }
    if (!isTrial()) {
      signWith(settings.get("key"), statement);
      return;
    }
    Path kept = Files.createTempDirectory("model-signing-release");
    try {
      Path key = kept.resolve("key.pem");
      run("generate-key", "--quiet", "--private-key=" + key, "--public-key=" + kept.resolve("key.pub"));
      signWith(key.toString(), statement);
    } finally {
      delete(kept);
    }
    System.out.println(
        """

        NOTICE: this is a trial. No key was given, so the release is signed with a key that was made for
        it and is gone again; its public half is %s.
        The signature shows that files are as they were built, and nothing about who built them. For a
        release give -Dmodelsigning.releaseKey=FILE or -Dmodelsigning.releaseKeyless=true (docs/release.md).
        """
            .formatted(publicKey));
  }

  private void signWith(String name, byte[] statement)
      throws IOException, SigningException, InvalidKeyException, InterruptedException {
    KeyProviders providers = KeyProviders.installed();
    Optional<URI> uri = providers.uri(name);
    if (uri.isEmpty()) {
      Path file = checkout.resolve(name);
      signWith(KeySigner.load(file, Release::secret), file.toString(), statement);
      return;
    }
    try (SigningKey key = providers.open(uri.get(), KeyContext.withDefaults().withSecrets(Release::secret))) {
      signWith(KeySigner.using(key), name, statement);
    }
  }

  private void signWith(KeySigner signer, String name, byte[] statement)
      throws IOException, SigningException, InterruptedException {
    signer.sign(Payload.inToto(Bytes.of(statement))).bundle().write(directory.resolve(SIGNED_PROVENANCE));
    Files.writeString(publicKey, signer.publicKey().pem());
    Path signature = directory.resolve(SIGNATURE);
    run("sign", "key", "--quiet", "--private-key=" + name, "--signature=" + signature, directory.toString());
    run("verify", "key", "--quiet", "--strict", "--public-key=" + publicKey, "--signature=" + signature, directory.toString());
    say("--public-key " + publicKey);
  }

  private static char[] secret(SecretSource.Request request) throws SigningException {
    String variable =
        request.kind() == SecretSource.Kind.PIN ? "PKCS11_PIN" : "MODEL_SIGNING_PASSWORD";
    String secret = System.getenv(variable);
    if (secret == null) {
      throw new SigningException(request.prompt() + " is protected; set " + variable);
    }
    return secret.toCharArray();
  }

  private void signKeyless(byte[] statement) throws IOException, SigningException, InterruptedException {
    String variable = "SIGSTORE_ID_TOKEN";
    boolean hasToken = !System.getenv().getOrDefault(variable, "").isEmpty();
    IdentityTokenSource tokens =
        hasToken
            ? IdentityTokenSource.fromEnvironment(System.getenv(), variable)
            : AmbientCredentials.forClient("sigstore")
                .orElse(() -> {
                  throw new SigningException(
                      "-Dmodelsigning.releaseKeyless=true: expected the identity of a build service, or a"
                          + " token in "
                          + variable
                          + ", found neither");
                });
    tokens.token(); // what is missing is found out before anybody is asked whom to trust
    String given = settings.get("trustConfig");
    String config = given.isEmpty() ? "" : checkout.resolve(given).toString();
    SigstoreSigner signer =
        config.isEmpty()
            ? SigstoreSigner.load(tokens)
            : SigstoreSigner.using(ClientTrustConfig.load(Path.of(config)), tokens);
    List<String> trust = config.isEmpty() ? List.of() : List.of("--trust-config=" + config);
    SignedPayload signed = signer.sign(Payload.inToto(Bytes.of(statement)));
    signed.bundle().write(directory.resolve(SIGNED_PROVENANCE));
    if (!(signed.signer() instanceof KeylessIdentity identity)) {
      throw new IllegalStateException("expected an identity, found " + signed.signer());
    }

    String signature = "--signature=" + directory.resolve(SIGNATURE);
    List<String> sign = new ArrayList<>(List.of("sign", "sigstore", "--quiet", signature));
    sign.addAll(trust);
    if (!hasToken) {
      sign.add("--use-ambient-credentials");
    }
    sign.add(directory.toString());
    run(sign.toArray(String[]::new));
    List<String> verify = new ArrayList<>(List.of("verify", "sigstore", "--quiet", "--strict", signature));
    verify.addAll(trust);
    verify.add("--identity=" + identity.identity());
    verify.add("--identity-provider=" + identity.provider());
    verify.add(directory.toString());
    run(verify.toArray(String[]::new));
    say("--identity " + identity.identity() + " --identity-provider " + identity.provider());
  }

  private void say(String trust) {
    System.out.println("release: " + directory);
    System.out.println("verify it with: release/verify " + directory + " " + trust);
  }

  /** Runs the program that is released. */
  private void run(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", program.toString());
    builder.command().addAll(Arrays.asList(arguments));
    int status = builder.inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("model-signing " + arguments[0] + " ended with status " + status);
    }
  }
}
