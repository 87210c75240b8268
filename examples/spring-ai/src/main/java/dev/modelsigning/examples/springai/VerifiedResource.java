package dev.modelsigning.examples.springai;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.VerifiedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.AbstractResource;

/**
 * A signed file of a verified model. Each reading proves its bytes before it hands them out. It has
 * no file and no address: who asks for one would read what nobody verified, and gets an exception.
 */
public final class VerifiedResource extends AbstractResource {

  private final VerifiedModel model;
  private final String name;

  /**
   * Makes a resource.
   *
   * @param model the verified model
   * @param name the path of the file in the model
   */
  public VerifiedResource(VerifiedModel model, String name) {
    this.model = model;
    this.name = name;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return Channels.newInputStream(open());
  }

  @Override
  public byte[] getContentAsByteArray() throws IOException {
    try {
      return model.readAllBytes(name);
    } catch (ModelMismatchException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public long contentLength() throws IOException {
    try (SeekableByteChannel channel = open()) {
      return channel.size();
    }
  }

  private SeekableByteChannel open() throws IOException {
    try {
      return model.open(name);
    } catch (ModelMismatchException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public boolean exists() {
    return !model.manifest().resourcesOf(name).isEmpty();
  }

  @Override
  public String getFilename() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  @Override
  public String getDescription() {
    return "signed file '" + name + "' of " + model.model().location();
  }

  /** Equal is the same file of the same verification; Spring compares descriptions otherwise. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerifiedResource that
        && model.equals(that.model)
        && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
