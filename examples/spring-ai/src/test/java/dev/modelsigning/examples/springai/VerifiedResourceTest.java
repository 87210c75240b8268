package dev.modelsigning.examples.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.examples.testing.ExampleModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.transformers.ResourceCacheService;
import org.springframework.ai.transformers.TransformersEmbeddingModel;
import org.springframework.core.io.Resource;

/** A resource gives proved bytes, and no way around them. */
class VerifiedResourceTest {

  @TempDir private Path directory;

  private ExampleModel model;
  private VerifiedModel verified;
  private Resource resource;

  @BeforeEach
  void signAModel() throws Exception {
    model =
        ExampleModel.signed(
            directory,
            Map.of(
                "model.onnx",
                "alpha".getBytes(StandardCharsets.UTF_8),
                "tokenizer.json",
                new byte[] {1}));
    verified = model.verified();
    resource = new VerifiedResource(verified, "model.onnx");
  }

  @Test
  void hasTheBytes() throws Exception {
    try (InputStream in = resource.getInputStream()) {
      assertThat(in.readAllBytes()).asString().isEqualTo("alpha");
    }
    assertThat(resource.getContentAsByteArray()).asString().isEqualTo("alpha");
    try (var channel = resource.readableChannel()) {
      assertThat(channel.isOpen()).isTrue();
    }
    assertThat(resource.contentLength()).isEqualTo(5);
    assertThat(resource.exists()).isTrue();
    assertThat(resource.isReadable()).isTrue();
    assertThat(resource.getFilename()).isEqualTo("model.onnx");
    assertThat(resource.getDescription())
        .isEqualTo("signed file 'model.onnx' of " + model.directory());
  }

  @Test
  void provesThemEachTimeThatTheyAreRead() throws Exception {
    assertThat(resource.getContentAsByteArray()).asString().isEqualTo("alpha");
    Files.writeString(model.directory().resolve("model.onnx"), "ALPHA");

    for (ThrowingCallable read :
        new ThrowingCallable[] {
          resource::getInputStream,
          resource::getContentAsByteArray,
          resource::readableChannel,
          resource::contentLength
        }) {
      assertThatThrownBy(read)
          .isInstanceOf(IOException.class)
          .hasCauseInstanceOf(ModelMismatchException.class)
          .hasMessageContaining("'model.onnx' is not what was signed");
    }
  }

  @Test
  void hasNoFileAndNoAddress() {
    assertThat(resource.isFile()).isFalse();
    assertThatThrownBy(resource::getFile).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(resource::getURI).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(resource::getURL).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(resource::lastModified).isInstanceOf(FileNotFoundException.class);
    assertThatThrownBy(() -> resource.createRelative("tokenizer.json"))
        .isInstanceOf(FileNotFoundException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "../model/model.onnx", ""})
  void isNothingThatWasNotSigned(String name) {
    Resource other = new VerifiedResource(verified, name);

    assertThat(other.exists()).isFalse();
    assertThatIllegalArgumentException().isThrownBy(other::getInputStream);
  }

  @Test
  void isEqualToTheSameFileOfTheSameVerificationOnly() throws Exception {
    assertThat(resource)
        .isEqualTo(new VerifiedResource(verified, "model.onnx"))
        .hasSameHashCodeAs(new VerifiedResource(verified, "model.onnx"))
        .isNotEqualTo(new VerifiedResource(verified, "tokenizer.json"))
        .isNotEqualTo(new VerifiedResource(model.verified(), "model.onnx"));
  }

  /** A cache in a directory would hand out what is in there, whoever wrote it. */
  @Test
  void isRefusedByTheCache() throws Exception {
    Path cache = Files.createDirectory(directory.resolve("cache"));

    assertThatThrownBy(() -> new ResourceCacheService(cache.toFile()).getCachedResource(resource))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Failed to cache the resource")
        .hasCauseInstanceOf(FileNotFoundException.class);
    try (Stream<Path> files = Files.list(cache)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void isNotLoadedByWhoForgetsToDisableTheCache() throws Exception {
    try (TransformersEmbeddingModel forgetful = new TransformersEmbeddingModel()) {
      forgetful.setModelResource(resource);
      forgetful.setTokenizerResource(new VerifiedResource(verified, "tokenizer.json"));
      forgetful.setResourceCacheDirectory(directory.resolve("cache").toString());

      assertThatThrownBy(forgetful::afterPropertiesSet)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Failed to cache the resource");
    }
  }
}
