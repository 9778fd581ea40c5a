from tests.own_packs import own_pack_folder, project

__all__ = ["own_pack_folder", "project"]
