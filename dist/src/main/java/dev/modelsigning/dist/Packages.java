package dev.modelsigning.dist;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Builds all packages. One {@link Installation} is made, and packed three times: as an archive, as
 * a Debian package and as the layers of an image.
 */
public final class Packages {

  private Packages() {}

  /**
   * Builds all packages and ends with the status 1 if one cannot be built.
   *
   * @param args see {@link Settings}
   */
  public static void main(String[] args) throws InterruptedException {
    try {
      build(Settings.of(args), System.out);
    } catch (BuildException e) {
      System.err.println("dist: error: " + e.getMessage());
      System.exit(1);
    } catch (IOException e) {
      System.err.println("dist: error: " + e);
      System.exit(1);
    }
  }

  private static void build(Settings settings, PrintStream log)
      throws IOException, BuildException, InterruptedException {
    if (!Files.isRegularFile(settings.jar())) {
      throw new BuildException("no " + settings.jar() + "; build the module cli first");
    }
    Jdk jdk = Jdk.find();
    Path output = settings.output();
    Files.createDirectories(output);
    String platform = "linux-" + jdk.architecture();
    Sbom sbom = Sbom.read(settings.sbom()).with(jdk);

    String name = "model-signing-" + settings.version() + "-" + platform;
    Path top = output.resolve(name);
    Installation installation = Installation.make(settings, jdk, sbom, top);
    Path archive = output.resolve(name + ".tar.gz");
    try (TarGz tar = TarGz.create(archive, settings.time())) {
      tar.addTree(top, name);
    }
    sbom.write(beside(archive));
    log.println("built " + archive);

    Path deb =
        output.resolve("model-signing_" + settings.version() + "_" + jdk.architecture() + ".deb");
    new DebianPackage(settings, jdk, installation, sbom).write(deb);
    sbom.write(beside(deb));
    log.println("built " + deb);

    Path jar = output.resolve("model-signing-" + settings.version() + ".jar");
    Files.copy(settings.jar(), jar, StandardCopyOption.REPLACE_EXISTING);
    Sbom.read(settings.sbom()).write(beside(jar));
    log.println("built " + jar);

    Path image = output.resolve("model-signing-" + settings.version() + "-image.tar");
    DebianRoot root = DebianRoot.fetch(settings, jdk, log);
    String digest = new ImageTar(settings, jdk, top, root).write(image);
    sbom.with(root).write(beside(image));
    Files.writeString(beside(image, ".digest"), digest + "\n");
    log.println("built " + image + ", " + digest);
  }

  private static Path beside(Path file) {
    return beside(file, ".cdx.json");
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
