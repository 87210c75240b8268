/** Reports content that can run when a model is loaded, and what its card states. */
module dev.modelsigning.content {
  requires transitive dev.modelsigning;
  requires org.snakeyaml.engine;
  requires static transitive org.jspecify;

  exports dev.modelsigning.content;
}
