package dev.modelsigning.dist;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Writes the container image as an OCI layout in a tar file, without a container engine. */
final class ImageTar {

  private static final String HOME = "/usr/lib/model-signing";
  private static final int USER = 65532;

  private final Settings settings;
  private final Jdk jdk;
  private final Path top;
  private final DebianRoot root;

  ImageTar(Settings settings, Jdk jdk, Path top, DebianRoot root) {
    this.settings = settings;
    this.jdk = jdk;
    this.top = top;
    this.root = root;
  }

  /**
   * Writes the image.
   *
   * @return the digest of its manifest
   */
  String write(Path file) throws IOException, BuildException, InterruptedException {
    Path base = settings.output().resolve("image/base.tar");
    Files.createDirectories(base.getParent());
    writeBase(base);
    Files.deleteIfExists(file);
    // Jib finds layers in its cache by names and times, and the times here are always the same:
    // each
    // image has a cache of its own, or it would have the files of an earlier build.
    Path cache = Files.createTempDirectory(base.getParent(), "cache");
    try {
      JibContainer container =
          Jib.from(TarImage.at(base))
              .setFormat(ImageFormat.OCI)
              .setFileEntriesLayers(
                  layer("runtime", "runtime"), layer("program", "bin", "lib", "share/doc"))
              .setEntrypoint("/usr/bin/model-signing")
              .setProgramArguments("--help")
              .setUser(USER + ":" + USER)
              .setWorkingDirectory(AbsoluteUnixPath.get("/work"))
              .addEnvironmentVariable("PATH", "/usr/bin")
              .addEnvironmentVariable("LC_ALL", "C.UTF-8")
              .addLabel("org.opencontainers.image.title", "model-signing")
              .addLabel(
                  "org.opencontainers.image.description", "Sign and verify machine-learning models")
              .addLabel("org.opencontainers.image.version", settings.version())
              .addLabel("org.opencontainers.image.licenses", "Apache-2.0")
              .setCreationTime(settings.time())
              .containerize(
                  Containerizer.to(
                          TarImage.at(file)
                              .named(ImageReference.of(null, "model-signing", settings.version())))
                      .setOfflineMode(true)
                      .setBaseImageLayersCache(cache)
                      .setApplicationLayersCache(cache)
                      .setToolName("model-signing-dist"));
      return container.getDigest().toString();
    } catch (RegistryException | CacheDirectoryCreationException | ExecutionException e) {
      throw new BuildException("cannot build the image: " + e);
    } finally {
      Installation.delete(cache);
    }
  }

  /**
   * The files of the installation in the image. Links become copies, as layers of Jib cannot
   * contain links.
   */
  private FileEntriesLayer layer(String name, String... parts) throws IOException {
    FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
    for (String part : parts) {
      List<Path> files;
      try (Stream<Path> all = Files.walk(top.resolve(part))) {
        files = all.sorted().toList();
      }
      for (Path path : files) {
        boolean directory = Files.isDirectory(path);
        boolean executable =
            directory
                || Files.getPosixFilePermissions(path).contains(PosixFilePermission.OWNER_EXECUTE);
        String place = top.relativize(path).toString();
        layer.addEntry(
            path,
            AbsoluteUnixPath.get(place.startsWith("share/") ? "/usr/" + place : HOME + "/" + place),
            FilePermissions.fromOctalString(executable ? "755" : "644"),
            settings.time());
      }
    }
    return layer.build();
  }

  /**
   * The base image: the files of Debian, and users and directories that every system has, in the
   * format of {@code docker save}.
   */
  private void writeBase(Path file) throws IOException {
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    try (TarGz tar = TarGz.uncompressed(layer, settings.time())) {
      root.addTo(tar);
      tar.file(
          "etc/passwd",
          0644,
          utf8(
              "root:x:0:0:root:/root:/bin/sh\nnonroot:x:"
                  + USER
                  + ":"
                  + USER
                  + "::/home/nonroot:/bin/sh\n"));
      tar.file("etc/group", 0644, utf8("root:x:0:\nnonroot:x:" + USER + ":\n"));
      tar.file("etc/nsswitch.conf", 0644, utf8("passwd: files\ngroup: files\nhosts: files dns\n"));
      tar.directory("home/nonroot", 0700, USER);
      tar.directory("work", 0755, USER);
      for (String name : List.of("proc", "sys", "dev", "run", "usr/sbin")) {
        tar.directory(name, 0755);
      }
      tar.directory("tmp", 01777);
      tar.link("usr/bin/model-signing", "../lib/model-signing/bin/model-signing");
    }
    byte[] content = layer.toByteArray();
    String digest = sha256(content);

    JsonObject config = new JsonObject();
    config.addProperty("architecture", jdk.architecture());
    config.addProperty("os", "linux");
    config.addProperty("created", settings.time().toString());
    config.add("config", new JsonObject());
    JsonObject rootfs = new JsonObject();
    rootfs.addProperty("type", "layers");
    rootfs.add("diff_ids", array("sha256:" + digest));
    config.add("rootfs", rootfs);
    JsonObject history = new JsonObject();
    history.addProperty("created", settings.time().toString());
    history.addProperty("created_by", "Debian packages, see the SBOM");
    JsonArray histories = new JsonArray();
    histories.add(history);
    config.add("history", histories);

    JsonObject manifest = new JsonObject();
    manifest.addProperty("Config", "config.json");
    manifest.add("RepoTags", new JsonArray());
    manifest.add("Layers", array("layer.tar"));
    JsonArray manifests = new JsonArray();
    manifests.add(manifest);

    try (OutputStream out = Files.newOutputStream(file);
        TarGz tar = TarGz.uncompressed(out, settings.time())) {
      tar.file("manifest.json", 0644, utf8(new Gson().toJson(manifests)));
      tar.file("config.json", 0644, utf8(new Gson().toJson(config)));
      tar.file("layer.tar", 0644, content);
    }
  }

  private static JsonArray array(String value) {
    JsonArray array = new JsonArray();
    array.add(value);
    return array;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
