# docker buildx bake -f deploy/docker/docker-bake.hcl [--push]   (from the repository's root)
# Each image carries an SBOM and its provenance as attestations.

variable "REGISTRY" {
  default = "registry.example.com/blindgrain"
}

variable "VERSION" {
  default = "0.1.0"
}

variable "REVISION" {
  default = "unknown"
}

variable "CREATED" {
  default = "1970-01-01T00:00:00Z"
}

group "default" {
  targets = ["silo", "gateway"]
}

target "image" {
  context    = "."
  dockerfile = "deploy/docker/Dockerfile"
  platforms  = ["linux/amd64", "linux/arm64"]
  args = {
    VERSION  = VERSION
    REVISION = REVISION
    CREATED  = CREATED
  }
  attest = ["type=sbom", "type=provenance,mode=max"]
}

target "silo" {
  inherits = ["image"]
  target   = "silo"
  tags     = ["${REGISTRY}/silo:${VERSION}"]
}

target "gateway" {
  inherits = ["image"]
  target   = "gateway"
  tags     = ["${REGISTRY}/gateway:${VERSION}"]
}
